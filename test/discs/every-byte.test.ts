/** Whatever byte of an image outside the packages' files is changed: it is found, or is part of a time or a version. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DiscFault } from "../../src/discs/disc-finding.js";
import { DiscReader } from "../../src/discs/disc-reader.js";
import { scanGaps } from "../../src/discs/zero-scan.js";
import { readDisc } from "../../src/discs/read-disc.js";
import type { NamedFolder } from "../../src/discs/named-tree.js";
import { describeWith } from "../interop/programs.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { timeLimitMs, whole } from "./campaign.js";
import { check, makeImage, makeTray, sectorSize } from "./images.js";

const read = async (bytes: Buffer) =>
  await readDisc(
    {
      sizeBytes: bytes.length,
      runOutSizeBytes: 0,
      read: (offset, size) => Promise.resolve(bytes.subarray(offset, offset + size)),
    },
    quietWatch(),
  );

/** Everything that is believed of a disc: if it stays as it was, and nothing is found, nothing was hidden. */
const describeTree = ({ name, files, folders }: NamedFolder): unknown => [name, files, folders.map(describeTree)];

/** The bytes of package files, which their hashes prove. */
function fileRanges({ files, folders }: NamedFolder): [start: number, end: number][] {
  const own = files.map(({ extent }): [number, number] => [extent.offset, extent.offset + extent.sizeBytes]);
  return [...own, ...folders.flatMap(fileRanges)];
}

/** What a byte is changed to: anything, or in the slice that belongs to all other tests, something. */
const valuesFor = (byte: number): number[] => (whole ? [...Array(256).keys()] : [0, byte ^ 1, byte ^ 0x80]);

const isBetween = (at: number, start: number, size: number): boolean => at >= start && at < start + size;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** docs/DISCS.md, "What may differ": times, the program's version, a cut name's number. */
function isExempt(bytes: Buffer, at: number, value: number): boolean {
  const before = bytes[at] ?? 0;
  const inSector = at % sectorSize;
  const sector = Math.floor(at / sectorSize);
  if (sector === 16 || sector === 17) {
    const isTime = isBetween(inSector, 813, 68) || isBetween(inSector, 156 + 18, 7);
    const isVersion = isDigit(before) || (before === 0x20 && isDigit(value));
    return isTime || (isVersion && isBetween(inSector, 446, 128));
  }
  for (let start = at - inSector; start < at - inSector + sectorSize; start += bytes[start] ?? 0) {
    const length = bytes[start] ?? 0;
    if (length < 34) return false;
    if (isBetween(at, start + 18, 7)) return true;
    const times = bytes.subarray(start, start + length).indexOf("TF\u001a\u0001", 0, "latin1");
    if (times >= 0 && isBetween(at, start + times + 5, 21)) return true;
    const [base = ""] = bytes.toString("latin1", start + 33, start + 33 + (bytes[start + 32] ?? 0)).split(".");
    // where two names would be cut to the same
    const isNumbered = isBetween(at, start + 33 + base.length - 4, 4) && (isDigit(before) || isDigit(value));
    if (times >= 0 && isNumbered) return true;
  }
  return false;
}

describeWith(["xorriso"], "every byte of an image", () => {
  test(
    "that is not zero and in no package's file, changed to anything",
    async () => {
      const clean = await readFile(await makeImage(await makeTray()));
      const { root, findings } = await read(clean);
      expect(findings).toEqual([]);
      if (root === undefined) throw new Error("a clean image cannot be read");
      const tree = JSON.stringify(describeTree(root));
      const ranges = fileRanges(root);
      const outside = [...clean.keys()].filter((at) => !ranges.some(([start, end]) => at >= start && at < end));
      const used = outside.filter((at) => clean[at] !== 0);
      expect(used.length).toBeGreaterThan(2500);
      const missed: string[] = [];
      const change = async (at: number, value: number): Promise<void> => {
        const before = clean[at] ?? 0;
        if (value === before) return;
        clean[at] = value;
        const result = await read(clean);
        const isFound = result.findings.length > 0 || JSON.stringify(describeTree(result.root ?? root)) !== tree;
        clean[at] = before;
        if (!isFound && !isExempt(clean, at, value))
          missed.push(`${value} in sector ${Math.floor(at / sectorSize)}+${at % sectorSize}`);
      };
      for (const at of used) for (const value of valuesFor(clean[at] ?? 0)) await change(at, value);
      const anywhere = fc.tuple(fc.integer({ min: 0, max: outside.length - 1 }), fc.integer({ min: 1, max: 255 }));
      await fc.assert(
        fc.asyncProperty(anywhere, async ([index, value]) => await change(outside[index] ?? 0, value)),
        { numRuns: 5000 },
      );
      expect(missed).toEqual([]);
    },
    timeLimitMs,
  );

  test("of a file's place and size, when both orders agree: the package tells", async () => {
    const clean = await readFile(await makeImage(await makeTray()));
    const folder = await temporaryFolder();
    for (const [little, big] of [
      [2, 9],
      [10, 17],
    ] as const) {
      const bytes = Buffer.from(clean);
      for (let at = bytes.indexOf("HOW_TO_O.TXT") - 33; at >= 0; at = -1) {
        bytes[at + little] = (bytes[at + little] ?? 0) ^ 1;
        bytes[at + big] = (bytes[at + big] ?? 0) ^ 1;
      }
      const image = join(folder, `${little}.iso`);
      await writeFile(image, bytes);
      expect((await check(image)).ok).toBe(false);
    }
  });
});

test("what a drive cannot read is a finding, but for the two run-out sectors of a CD", async () => {
  for (const [unreadable, code] of [
    [-2 * sectorSize, undefined],
    [-3 * sectorSize, "DISC_UNREADABLE"],
  ] as const) {
    const bytes = Buffer.alloc(100 * sectorSize);
    const reader = new DiscReader({
      sizeBytes: bytes.length,
      runOutSizeBytes: 2 * sectorSize,
      read: (offset, size) =>
        offset + size > bytes.length + unreadable
          ? Promise.reject(new DiscFault("DISC_UNREADABLE", "there"))
          : Promise.resolve(bytes.subarray(offset, offset + size)),
    });
    const scan = scanGaps(reader, [{ offset: 0, sizeBytes: bytes.length }], bytes.length, quietWatch());
    const found = await scan.then(
      () => undefined,
      (cause: unknown) => (cause as { finding: { code: string } }).finding.code,
    );
    expect(found).toBe(code);
  }
});
