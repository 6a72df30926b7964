import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { containerWriting, type WrittenContainer } from "../../src/output/container-writing.js";
import { BlockRing } from "../../src/ring/block-ring.js";
import { runPipeline } from "../../src/ring/pipeline.js";
import { useStage, type StageKind } from "../../src/ring/stage.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
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

async function writeContainer(path: string, startSizeBytes: number, payloadSizeBytes: number) {
  const start = Buffer.alloc(startSizeBytes, "age");
  const given = [start];
  const ring = BlockRing.create({ slots: 1, turns: 2, payloadSizeBytes, startSizeBytes });
  const stages = [useStage(filling(given), null), useStage(containerWriting, { path, start, modifiedMs })] as const;
  const [, written] = await runPipeline<[null, WrittenContainer]>(
    ring,
    [...stages],
    { cores: 1 },
    quietWatch(),
    "sealing",
  );
  return { written, given: Buffer.concat(given) };
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
    const { written, given } = await writeContainer(path, startSizeBytes, payload);
    const found = await readFile(path);
    expect(found.equals(given)).toBe(true);
    expect(written).toEqual({ sizeBytes: found.length, sha256: createHash("sha256").update(found).digest("hex") });
    expect((await stat(path)).mtimeMs).toBe(modifiedMs);
  });

  it("is never written over what is there", async () => {
    const path = join(await temporaryFolder(), "container");
    await writeFile(path, "before");
    await expect(writeContainer(path, 200, 1000)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readFile(path, "utf8")).toBe("before");
  });
});
