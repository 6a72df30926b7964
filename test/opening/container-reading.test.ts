import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { mkdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContainerPiece } from "../../src/opening/container-pieces.js";
import { containerReading } from "../../src/opening/container-reading.js";
import { QuickerWay, type Way } from "../../src/output/quicker-way.js";
import { BlockRing } from "../../src/ring/block-ring.js";
import { runPipeline } from "../../src/ring/pipeline.js";
import { useStage, type StageKind } from "../../src/ring/stage.js";
import { canMount, mounted } from "../cli/mounts.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { failDirectReads, refuseDirect, standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const mib = 1024 * 1024;
const start = Buffer.alloc(5000, "age-encryption.org/v1"); // over more than a page
const payloadSizeBytes = 2 * mib + 54_321;
const sealedSizeBytes = payloadSizeBytes + 33 * 16;
const content = Buffer.concat([
  start,
  Buffer.from(Array.from({ length: sealedSizeBytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff)),
]);

let path = "";
let fromDisk = true;
beforeEach(async () => {
  fromDisk = true;
  path = join(await temporaryFolder(), "container");
  await writeFile(path, content);
});
afterEach(() => void vi.restoreAllMocks());

function whole(file: string): ContainerPiece {
  return { path: file, offset: 0, sizeBytes: content.length };
}

/** What came into the ring, and the SHA-256 that was found. */
async function read(pieces: readonly ContainerPiece[] = [whole(path)]) {
  const blocks: Buffer[] = [];
  const keeping: StageKind<null, null> = {
    name: "keeping",
    start: (ring) => ({
      work: (n) => void blocks.push(Buffer.from(ring.sealedBytes(n))),
      finish: () => null,
      close: () => undefined,
    }),
  };
  const ring = BlockRing.create({ slots: 1, turns: 2, payloadSizeBytes, startSizeBytes: start.length });
  const data = () => ({ pieces, start, hashed: true, fromDisk });
  const [sha256] = await runPipeline<[string | undefined, null]>(
    ring,
    [useStage(containerReading, data), useStage(keeping, () => null)],
    { cores: 1 },
    quietWatch(),
    "verifying",
  );
  return { sha256, blocks: Buffer.concat(blocks) };
}

async function expectWhole(pieces = [whole(path)]): Promise<void> {
  const { sha256, blocks } = await read(pieces);
  expect(blocks.equals(content.subarray(start.length))).toBe(true);
  expect(sha256).toBe(createHash("sha256").update(content).digest("hex"));
}

/** Opening, on a disk for which each way is the quicker one in its turn. */
function takeTurns(): void {
  let count = 0;
  vi.spyOn(QuickerWay.prototype, "way", "get").mockImplementation((): Way => (count++ % 2 === 0 ? "copied" : "direct"));
  fromDisk = false;
}

describe.each([
  ["past the page cache", (): void => undefined],
  ["where there is no way past the page cache", refuseDirect],
  ["both ways in turns", takeTurns],
] as const)("a container, read %s,", (_how, set) => {
  beforeEach(set);

  it("comes into the ring block by block, and its SHA-256 is that of all of it", async () => {
    await expectWhole();
  });

  it.each([
    ["whole pages", [8192, 4096 * 300, 4096]],
    ["any sizes", [1, 4998, 4097, 1_048_577, 13]],
    ["a part that is all of one block and of the next", [5000 + 4096, 1_100_000]],
  ])("comes from several files, cut into %s, and from anywhere in them", async (_what, sizes) => {
    const pieces: ContainerPiece[] = [];
    for (let at = 0, number = 1; at < content.length; number += 1) {
      const sizeBytes = Math.min(sizes[number - 1] ?? content.length, content.length - at);
      const offset = [0, 0, 4096, 77][number % 4] ?? 0;
      const around = Buffer.alloc(offset, "around");
      await writeFile(`${path}.${number}`, Buffer.concat([around, content.subarray(at, at + sizeBytes), around]));
      pieces.push({ path: `${path}.${number}`, offset, sizeBytes });
      at += sizeBytes;
    }
    await expectWhole(pieces);
    const [first] = pieces;
    if (first) await truncate(first.path, first.offset + first.sizeBytes - 1);
    await expect(read(pieces)).rejects.toEqual(
      refusal((first?.sizeBytes ?? 0) > start.length ? "PACKAGE_INCOMPLETE" : "ALTERED"),
    );
  });

  it.each([0, 4095, 4096, 4999])("is altered when byte %i of what stood before it is another now", async (at) => {
    const changed = Buffer.from(content);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    await expect(read()).rejects.toEqual(refusal("ALTERED"));
  });

  it("is altered when it ends in what stood before it, and incomplete when it ends after", async () => {
    for (const sizeBytes of [0, 4096, 4999]) {
      await truncate(path, sizeBytes);
      await expect(read(), String(sizeBytes)).rejects.toEqual(refusal("ALTERED"));
    }
    for (const sizeBytes of [5000, 5001, content.length - 1]) {
      await writeFile(path, content.subarray(0, sizeBytes));
      await expect(read(), String(sizeBytes)).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    }
  });

  it("is incomplete when it is no file, and no pipe is waited for", async () => {
    await rm(path);
    await expect(read()).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    await mkdir(path);
    await expect(read()).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    await rm(path, { recursive: true });
    execFileSync("mkfifo", [path]);
    await expect(read()).rejects.toThrow("the package holds something that is not a file");
    await rm(path);
    await writeFile(`${path}.aside`, content);
    await symlink(`${path}.aside`, path);
    await expect(read()).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
  });
});

describe.runIf(process.platform === "linux")("reading past the page cache", () => {
  const ramfs = canMount(() => ["-t", "ramfs", "ramfs"]);
  it.skipIf(!ramfs)(`is left where the file system has no such way${ramfs ? "" : " [SKIPPED]"}`, async () => {
    const at = mounted(`${path}.disk`, "-t", "ramfs", "ramfs");
    await writeFile(join(at, "container"), await readFile(path));
    await expectWhole([whole(join(at, "container"))]);
  });

  it.each([true, false])("is left where it is refused in the middle; asked for from the disk: %s", async (asked) => {
    fromDisk = asked;
    const failed = failDirectReads("EINVAL");
    await expectWhole();
    expect(failed()).toBeGreaterThan(0);
  });

  it("is left where the page cache is quicker, unless it must come from the disk", async () => {
    vi.spyOn(QuickerWay.prototype, "way", "get").mockReturnValue("copied");
    const failed = failDirectReads("EIO");
    fromDisk = false;
    await expectWhole();
    expect(failed()).toBe(0);
    fromDisk = true;
    await expect(read()).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    expect(failed()).toBeGreaterThan(0);
  });

  it("is timed, as the page cache is: the way of each read, its bytes and its milliseconds", async () => {
    const took = vi.spyOn(QuickerWay.prototype, "took");
    takeTurns();
    standIn(
      fs,
      "read",
      (read) =>
        (...given) =>
          void setTimeout(20).then(() => read(...given)),
    );
    await expectWhole();
    const { calls } = took.mock;
    expect(calls.reduce((total, [, sizeBytes]) => total + sizeBytes, 0)).toBeGreaterThanOrEqual(content.length);
    expect(new Set(calls.map(([way]) => way))).toEqual(new Set(["direct", "copied"]));
    expect(calls.every(([, , ms]) => ms >= 19)).toBe(true); // in one thread, one at a time
  });

  it.each([true, false])("is not left when the disk fails; asked for from the disk: %s", async (asked) => {
    fromDisk = asked; // what the page cache has is not what is on it
    const failed = failDirectReads("EIO");
    await expect(read()).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    expect(failed()).toBeGreaterThan(0);
  });
});
