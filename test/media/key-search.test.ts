import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeySearch } from "../../src/media/key-search.js";
import { keySearchSizeBytes } from "../../src/package/private-key.js";

const key = "AGE-SECRET-KEY-1QQQQ";

/** What is found in a file when its blocks, of these sizes over and over, share one memory that is written over. */
function found(content: Buffer, blockSizes: readonly number[]): string | undefined {
  const search = new KeySearch(content.length);
  const block = Buffer.alloc(Math.max(...blockSizes));
  for (let [at, turn] = [0, 0]; at < content.length; turn += 1) {
    const sizeBytes = Math.min(blockSizes[turn % blockSizes.length] ?? 1, content.length - at);
    content.copy(block, 0, at, at + sizeBytes);
    const kind = search.update(block.subarray(0, sizeBytes));
    if (kind !== undefined) return kind;
    at += sizeBytes;
  }
  return undefined;
}

function fileWith(sizeBytes: number, at: number): Buffer {
  const content = Buffer.alloc(sizeBytes, 7);
  content.write(key, at, "latin1");
  return content;
}

const anyBlocks = fc.array(fc.integer({ min: 100, max: 300_000 }), { minLength: 1, maxLength: 5 });
const windowBytes = keySearchSizeBytes;

describe("a key is found however the file is cut into blocks", () => {
  it.each([
    ["at the beginning", 500_000, 0],
    ["at the end of the first 64 KiB", 500_000, windowBytes - key.length],
    ["at the beginning of the last 64 KiB", 500_000, 500_000 - windowBytes],
    ["at the very end", 500_000, 500_000 - key.length],
    ["across the middle of a file of 128 KiB", 2 * windowBytes, windowBytes - 5],
    ["in a file that is nothing else", key.length, 0],
  ])("%s", (_where, sizeBytes, at) => {
    const content = fileWith(sizeBytes, at);
    fc.assert(
      fc.property(anyBlocks, (sizes) => found(content, sizes) === "an age private key"),
      { numRuns: 30 },
    );
  });
});

describe("no key is found", () => {
  it("in the middle of a long file, which is not searched", () => {
    expect(found(fileWith(500_000, 250_000), [4096])).toBeUndefined();
  });

  it("in an empty file, or in one without", () => {
    expect(found(Buffer.alloc(0), [10])).toBeUndefined();
    expect(found(Buffer.alloc(300_000, 7), [4096, 1])).toBeUndefined();
  });
});

it("a key at the beginning is known of before the rest is read", () => {
  const search = new KeySearch(10_000_000_000);
  expect(search.update(fileWith(256 * 1024, 10))).toBe("an age private key");
});
