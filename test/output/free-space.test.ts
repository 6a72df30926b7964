import fsPromises from "node:fs/promises";
import { expect, it } from "vitest";
import { freeBytesAt, requireFreeBytes } from "../../src/output/free-space.js";
import { refusal } from "../refusal.js";
import { standIn, systemError } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

it("free space is what the file system says, where it says anything", async () => {
  const folder = await temporaryFolder();
  expect(await freeBytesAt(folder)).toBeGreaterThan(0);
  const answer = (give: () => unknown): void => standIn(fsPromises, "statfs", () => give);
  answer(() => Promise.resolve({ bsize: 4096, blocks: 10, bavail: 3 }));
  expect(await freeBytesAt(folder)).toBe(12_288);
  answer(() => Promise.resolve({ bsize: 4096, blocks: 0, bavail: 0 }));
  expect(await freeBytesAt(folder)).toBeUndefined();
  answer(() => Promise.reject(systemError("ENOSYS")));
  expect(await freeBytesAt(folder)).toBeUndefined();
});

it("what needs more is refused, and what may have enough is not", () => {
  expect(() => requireFreeBytes(99, 100)).toThrow(refusal("OUTPUT_NO_SPACE"));
  expect(() => requireFreeBytes(0, 1)).toThrow(refusal("OUTPUT_NO_SPACE"));
  expect(() => requireFreeBytes(100, 100)).not.toThrow();
  expect(() => requireFreeBytes(undefined, 100)).not.toThrow();
});
