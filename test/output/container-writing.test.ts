import { createHash } from "node:crypto";
import fs from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContainerPart, WrittenContainer } from "../../src/output/container-parts.js";
import { containerWriting } from "../../src/output/container-writing.js";
import { BlockRing } from "../../src/ring/block-ring.js";
import { runPipeline } from "../../src/ring/pipeline.js";
import { useStage, type StageKind } from "../../src/ring/stage.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const modifiedMs = Date.parse("2026-11-23T22:10:05Z");
const mib = 1024 * 1024;

/** Fills the sealed blocks with bytes that no two places share by chance, and keeps what it filled them with. */
const filling = (given: Buffer[]): StageKind<null, null> => ({
  name: "filling",
  start: (ring) => ({
    work: (n) => {
      const bytes = ring.sealedBytes(n);
      for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 31 + n * 7 + (at >> 8)) & 0xff;
      given.push(Buffer.from(bytes));
    },
    finish: () => null,
    close: () => undefined,
  }),
});

async function writeContainer(parts: readonly ContainerPart[], startSizeBytes: number, payloadSizeBytes: number) {
  const start = Buffer.alloc(startSizeBytes, "age");
  const given = [start];
  const ring = BlockRing.create({ slots: 1, turns: 2, payloadSizeBytes, startSizeBytes });
  const stages = [
    useStage(filling(given), () => null),
    useStage(containerWriting, () => ({ parts, start, modifiedMs })),
  ] as const;
  const [, written] = await runPipeline<[null, WrittenContainer]>(
    ring,
    [...stages],
    { cores: 1 },
    quietWatch(),
    "sealing",
  );
  return { written, given: Buffer.concat(given) };
}

/** With its header and tags, as the ring of `writeContainer` lays it out. */
function sealedSizeBytes(startSizeBytes: number, payloadSizeBytes: number): number {
  return startSizeBytes + payloadSizeBytes + Math.max(1, Math.ceil(payloadSizeBytes / 65_536)) * 16;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("a container", () => {
  it.each([
    ["of one block", 200, 1000],
    ["of many, the last in the middle of a page", 1837, 3 * mib + 12_345],
    ["of whole blocks", 4096, 2 * mib],
    ["of a header over several pages", 34_567, mib + 1],
    ["of nothing but what stands before it", 184, 0],
  ])("%s is written as it was given, with its size, its SHA-256 and its time", async (_, startSizeBytes, payload) => {
    const path = join(await temporaryFolder(), "container");
    const sizeBytes = sealedSizeBytes(startSizeBytes, payload);
    const { written, given } = await writeContainer([{ path, sizeBytes }], startSizeBytes, payload);
    const found = await readFile(path);
    expect(found.equals(given)).toBe(true);
    const whole = { sizeBytes: found.length, sha256: sha256(found) };
    expect(written).toEqual({ ...whole, parts: [whole] });
    expect((await stat(path)).mtimeMs).toBe(modifiedMs);
  });

  it("goes past the page cache, where the system has such a way", async () => {
    let asked = 0;
    standIn(fs, "openSync", (open) => (...given) => {
      if (Number(given[1]) & fs.constants.O_DIRECT) asked += 1;
      return open(...given);
    });
    await writeContainer([{ path: join(await temporaryFolder(), "container"), sizeBytes: 1e6 }], 200, 1000);
    expect(asked).toBe(process.platform === "linux" ? 1 : 0);
  });

  it("is never written over what is there", async () => {
    const path = join(await temporaryFolder(), "container");
    await writeFile(path, "before");
    await expect(writeContainer([{ path, sizeBytes: 1e6 }], 200, 1000)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readFile(path, "utf8")).toBe("before");
  });
});

describe("a container that is cut into parts", () => {
  const payload = 3 * mib + 12_345;
  const startSizeBytes = 34_567;
  const totalBytes = sealedSizeBytes(startSizeBytes, payload);

  /** Parts of these sizes, in turn, until the container is at its end. */
  async function partsOf(...sizes: readonly number[]): Promise<ContainerPart[]> {
    const folder = await temporaryFolder();
    const parts: ContainerPart[] = [];
    for (let at = 0; at < totalBytes;) {
      const sizeBytes = Math.min(sizes[parts.length % sizes.length] ?? 1, totalBytes - at);
      parts.push({ path: join(folder, `part.${parts.length.toString().padStart(3, "0")}`), sizeBytes });
      at += sizeBytes;
    }
    return parts;
  }

  it.each([
    ["of whole pages", [mib]],
    ["that end where its header does, and soon after", [8 * 4096, 4096, 65_536]],
    ["smaller than a block, several in one", [65_536, 131_072, 327_680]],
    ["larger than a block", [2 * mib + 65_536]],
    ["of a page each", [4096]],
    ["of odd sizes, which no disk takes past the page cache", [1, 4095, 100_001, mib + 17]],
    ["of one byte less than it all", [totalBytes - 1]],
  ])("%s is written as it was given, each part with its own SHA-256", async (_, sizes) => {
    const parts = await partsOf(...sizes);
    const { written, given } = await writeContainer(parts, startSizeBytes, payload);
    const found = await Promise.all(parts.map(({ path }) => readFile(path)));
    expect(Buffer.concat(found).equals(given)).toBe(true);
    expect(written).toEqual({
      sizeBytes: totalBytes,
      sha256: sha256(given),
      parts: parts.map(({ sizeBytes }, index) => ({ sizeBytes, sha256: sha256(found[index] ?? Buffer.alloc(0)) })),
    });
    expect(new Set(await Promise.all(parts.map(async ({ path }) => (await stat(path)).mtimeMs)))).toEqual(
      new Set([modifiedMs]),
    );
  });

  it("fails with what keeps a later part from being made, and lets go of all files", async () => {
    const parts = await partsOf(mib);
    const third = parts[2]?.path ?? "";
    await writeFile(third, "before");
    const openBefore = (await readdir("/proc/self/fd")).length;
    await expect(writeContainer(parts, startSizeBytes, payload)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readFile(third, "utf8")).toBe("before");
    await expect.poll(async () => (await readdir("/proc/self/fd")).length).toBe(openBefore);
  });

  it("fails where a part's folder is gone", async () => {
    const parts = await partsOf(mib);
    const gone = join(await temporaryFolder(), "gone", "part");
    const withGone = parts.map((part, index) => (index === 1 ? { ...part, path: gone } : part));
    await expect(writeContainer(withGone, startSizeBytes, payload)).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });

  it("is a fault of ours where the parts have no room for it", async () => {
    const parts = (await partsOf(mib)).slice(0, -1);
    await expect(writeContainer(parts, startSizeBytes, payload)).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("cannot be written into nothing", async () => {
    await expect(writeContainer([], 200, 1000)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});
