import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { RecoveredWriter } from "../../src/output/recovered-writer.js";
import { pageMemory } from "../page-memory.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { refuseDirect, standIn, systemError, type Call } from "../stand-in.js";

const modifiedMs = Date.parse("2026-11-20T10:00:00Z");

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
});
const place = (path: string, sizeBytes: number) => ({ path, sizeBytes, modifiedMs });
const newWriter = (): RecoveredWriter => RecoveredWriter.authenticated(folder);
const pathOf = (name: string): string => join(folder, name);

it.each(["", "../a", "a//b", "a/./b", "a/.."])("a file goes nowhere but below its folder: '%s'", (path) => {
  const writer = newWriter();
  expect(() => writer.begin(place(path, 1))).toThrow("leads elsewhere");
});

function write(writer: RecoveredWriter, name: string, ...pieces: string[]): void {
  writer.begin(place(name, 0));
  for (const piece of pieces) writer.write(Buffer.from(piece));
  writer.finishFile();
}

/** The disk says of the file that is synchronised as number `index` that it could not be kept. */
function breakAt(index: number): void {
  let calls = 0;
  standIn(fs, "fsync", (fsync) => (...given) => {
    if (calls++ !== index) return fsync(...given);
    return (given.at(-1) as Call)(systemError("EIO"));
  });
}

it("files are written one after the other, and each is durable at the end, with its time", async () => {
  const synchronised: unknown[] = [];
  standIn(fs, "fsync", (fsync) => (...given) => {
    synchronised.push(fs.readlinkSync(`/proc/self/fd/${String(given[0])}`));
    return fsync(...given);
  });
  const writer = newWriter();
  write(writer, "a", "the ", "interview");
  await writer.settle();
  write(writer, "b");
  await writer.end();
  expect(await readFile(pathOf("a"), "utf8")).toBe("the interview");
  expect(await readFile(pathOf("b"), "utf8")).toBe("");
  expect((await stat(pathOf("b"))).mtimeMs).toBe(modifiedMs);
  expect(synchronised.sort()).toEqual([pathOf("a"), pathOf("b")]);
});

const [page, large] = [4096, 1024 * 1024];

it.each([large, large + 1, 2 * large - 512, 3 * large + 4095])(
  "a file of %i bytes goes in whole pages, each piece with what was left of the one before",
  async (sizeBytes) => {
    const content = randomBytes(sizeBytes);
    const writer = newWriter();
    writer.begin(place("large", sizeBytes));
    const written: Uint8Array[] = [];
    standIn(fs, "write", (write) => (...given) => {
      written.push(given[1] as Uint8Array);
      return write(...given);
    });
    // As in a ring: the memory is used again, and a page before each block is free.
    const memory = pageMemory(page + large);
    for (let at = 0; at < sizeBytes;) {
      const start = at === 0 ? page + 512 : page; // behind its own header
      const block = memory.subarray(start, start + Math.min(page + large - start, sizeBytes - at));
      block.set(content.subarray(at, at + block.length));
      const cut = Math.min(65_536, block.length); // and the second piece of a block follows the first in memory
      for (const piece of [block.subarray(0, cut), block.subarray(cut)]) writer.write(piece);
      await writer.written();
      memory.fill(0xee);
      at += block.length;
    }
    writer.finishFile();
    write(writer, "small", "a small file after it");
    await writer.end();
    expect(written.length).toBeGreaterThan(1);
    for (const { byteOffset, length } of written) expect([byteOffset % page, length % page]).toEqual([0, 0]);
    expect((await readFile(pathOf("large"))).equals(content)).toBe(true);
    expect(await readFile(pathOf("small"), "utf8")).toBe("a small file after it");
  },
);

it("a large file goes through the page cache where there is no way past it", async () => {
  refuseDirect();
  const content = randomBytes(large);
  const writer = newWriter();
  writer.begin(place("large", large));
  const memory = pageMemory(page + large).subarray(page);
  memory.set(content);
  writer.write(memory);
  await writer.written();
  writer.finishFile();
  await writer.end();
  expect((await readFile(pathOf("large"))).equals(content)).toBe(true);
});

it("bytes of a large file that no room is before are refused, and nothing there is overwritten", () => {
  const writer = newWriter();
  const memory = pageMemory(page + large);
  writer.begin(place("large", large));
  writer.write(memory.subarray(page, page + 5000)); // 904 are left of a page
  const before = Buffer.from(memory);
  expect(() => writer.write(memory.subarray(3 * page + 1, 4 * page))).toThrow("there is no room before these bytes");
  expect(before.equals(memory)).toBe(true);
  writer.close();
});

it("a large piece that the disk does not take is told to who waits for it, and to who waits for the end", async () => {
  const writer = newWriter();
  standIn(
    fs,
    "write",
    () =>
      (...given) =>
        (given.at(-1) as Call)(systemError("ENOSPC")),
  );
  writer.begin(place("large", 2 * large));
  writer.write(Buffer.alloc(large));
  await expect(writer.written()).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
  writer.write(Buffer.alloc(large));
  writer.finishFile();
  await expect(writer.end()).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
});

it("no more files are under way than the system lets a process have open", async () => {
  const writer = newWriter();
  const unkept: (() => void)[] = [];
  standIn(
    fs,
    "fsync",
    (fsync) =>
      (...given) =>
        void unkept.push(() => fsync(...given)),
  ); // a slow disk
  for (let n = 0; n < 65; n++) write(writer, String(n), "x");
  let isSettled = false;
  const settled = writer.settle().then(() => (isSettled = true));
  while (unkept.length < 65) await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  for (const keep of unkept) keep();
  await settled;
  await writer.end();
  expect(await readdir(folder)).toHaveLength(65);
});

it("a file that the disk did not keep is told at the end, whatever came after it", async () => {
  breakAt(0);
  const writer = newWriter();
  for (const name of ["a", "b", "c"]) write(writer, name, "x");
  await expect(writer.end()).rejects.toEqual(refusal("OUTPUT_FAILED"));
});

it("and no more is written once it is known", async () => {
  breakAt(3);
  const writer = newWriter();
  for (let n = 0; n < 65; n++) write(writer, String(n), "x");
  await expect(writer.settle()).rejects.toEqual(refusal("OUTPUT_FAILED"));
  await expect(writer.end()).rejects.toEqual(refusal("OUTPUT_FAILED"));
});

it("takes nothing before a file was begun, or after it was finished", () => {
  const writer = newWriter();
  const refuseAll = (): void => {
    expect(() => {
      writer.write(Buffer.from("x"));
    }).toThrow("no recovered file was begun");
    expect(() => {
      writer.finishFile();
    }).toThrow("no recovered file was begun");
  };
  refuseAll();
  writer.begin(place("a", 1));
  writer.finishFile();
  refuseAll();
});

it("is never written over what is there, and lets go of what it gives up", async () => {
  const writer = newWriter();
  write(writer, "a", "before");
  await writer.end();
  expect(() => {
    writer.begin(place("a", 1));
  }).toThrow(refusal("OUTPUT_EXISTS"));
  expect(await readFile(pathOf("a"), "utf8")).toBe("before");

  writer.begin(place("b", 1));
  writer.close();
  const isHeld = (): boolean =>
    fs.readdirSync("/proc/self/fd").some((fd) => {
      return fs.existsSync(`/proc/self/fd/${fd}`) && fs.readlinkSync(`/proc/self/fd/${fd}`) === pathOf("b");
    });
  for (let tries = 0; isHeld() && tries < 100; tries++) await new Promise(setImmediate);
  expect(isHeld()).toBe(false);
});
