import { describe, expect, test } from "vitest";
import { BlockRing, RingStopped } from "../../src/ring/block-ring.js";
import { EvsealError } from "../../src/errors.js";

const [chunk, block, page] = [64 * 1024, 1024 * 1024, 4096];
const ringOf = (payloadSizeBytes: number, slots = 3, turns = 2, startSizeBytes = 345): BlockRing =>
  BlockRing.create({ slots, turns, payloadSizeBytes, startSizeBytes });
const blocksOf = ({ blockCount }: BlockRing): number[] => Array.from({ length: blockCount }, (_, n) => n);
/** The page that is free before a clear block. */
const roomBefore = (ring: BlockRing, n: number): Uint8Array =>
  new Uint8Array(ring.shape.memory, ring.clearBytes(n).byteOffset - page, page);
const codeOf = (call: () => void): string => {
  try {
    call();
  } catch (error) {
    return error instanceof EvsealError ? error.code : (error as Error).constructor.name;
  }
  return "nothing thrown";
};

describe("the blocks of a payload", () => {
  test.each([0, 1, chunk - 1, chunk, chunk + 1, block - 1, block, block + 1, 5 * block, 5 * block + 3 * chunk + 7])(
    "of %i bytes follow each other without a gap, in the clear and sealed",
    (sizeBytes) => {
      const ring = ringOf(sizeBytes);
      let [clear, sealed] = [0, 345];
      for (const n of blocksOf(ring)) {
        expect(ring.sealedOffset(n)).toBe(sealed);
        expect(ring.firstChunkOf(n)).toBe(clear / chunk);
        clear += ring.clearBytes(n).length;
        sealed += ring.sealedBytes(n).length;
        expect(ring.isLast(n)).toBe(clear === sizeBytes);
      }
      expect(clear).toBe(sizeBytes);
      expect(sealed).toBe(345 + sizeBytes + 16 * Math.max(1, Math.ceil(sizeBytes / chunk)));
    },
  );

  test("stand in whole pages of memory and file, at one distance from their beginning", () => {
    const ring = ringOf(4 * block + 9, 2);
    for (const n of blocksOf(ring)) {
      const [window, sealed] = [ring.sealedWindow(n), ring.sealedBytes(n)];
      expect([window.byteOffset % page, window.length % page, ring.windowOffset(n) % page]).toEqual([0, 0, 0]);
      expect(sealed.byteOffset - window.byteOffset).toBe(ring.sealedOffset(n) - ring.windowOffset(n));
      expect(sealed.byteOffset + sealed.length).toBeLessThanOrEqual(window.byteOffset + window.length);
    }
  });

  test("of different slots, clear or sealed, and the key share no byte", () => {
    const ring = ringOf(3 * block);
    const parts = [
      ring.key,
      ...[0, 1, 2].flatMap((n) => [roomBefore(ring, n), ring.clearBytes(n), ring.sealedWindow(n)]),
    ];
    for (const [mark, part] of parts.entries()) part.fill(mark + 1);
    for (const [mark, part] of parts.entries()) expect(part.every((byte) => byte === mark + 1)).toBe(true);
    expect(ring.claim()).toBe(0); // nor with the words of control
  });
});

describe("a block", () => {
  test("passes every stage once, slot after slot, round after round", () => {
    const ring = ringOf(5 * block, 2);
    for (const n of blocksOf(ring)) {
      for (const turn of [0, 1]) {
        ring.awaitTurn(n, turn);
        ring.passOn(n, turn);
      }
      expect(ring.doneSizeBytes).toBe((n + 1) * block);
    }
  });

  test("is handed on in its turn only", () => {
    const ring = ringOf(5 * block, 2);
    expect(codeOf(() => ring.passOn(0, 1))).toBe("INTERNAL");
    ring.passOn(0, 0);
    expect(codeOf(() => ring.passOn(0, 0))).toBe("INTERNAL");
    expect(codeOf(() => ring.passOn(2, 0))).toBe("INTERNAL"); // block 0 still stands in its slot
  });

  test("is claimed by one thread only", () => {
    const ring = ringOf(3 * block);
    const other = new BlockRing(ring.shape);
    expect([ring.claim(), other.claim(), ring.claim(), other.claim(), ring.claim()]).toEqual([
      0,
      1,
      2,
      undefined,
      undefined,
    ]);
  });
});

test("a block that is not ready is claimed by nobody who will not wait", () => {
  const ring = ringOf(2 * block);
  expect(ring.claimReady(1)).toBe(undefined);
  ring.passOn(0, 0);
  expect([ring.claimReady(0), ring.claimReady(1), ring.claimReady(1)]).toEqual([undefined, 0, undefined]);
  ring.passOn(1, 0);
  expect([ring.claimReady(1), ring.claimReady(1), ring.claim()]).toEqual([1, undefined, undefined]);
});

describe("a ring that is stopped", () => {
  test("wakes and ends every stage, and tells who was first", () => {
    const ring = ringOf(3 * block);
    ring.passOn(0, 0);
    expect([ring.stop(), ring.stop(), new BlockRing(ring.shape).stop()]).toEqual([true, false, false]);
    for (const n of blocksOf(ring)) {
      expect(() => ring.awaitTurn(n, 0)).toThrow(RingStopped);
      expect(() => ring.passOn(n, 0)).toThrow(RingStopped);
    }
  });

  test("holds nothing any more once it is wiped", () => {
    const ring = ringOf(3 * block);
    for (const part of [ring.key, ...blocksOf(ring).flatMap((n) => [ring.clearBytes(n), ring.sealedWindow(n)])])
      part.fill(7);
    ring.wipe();
    expect(new Uint8Array(ring.shape.memory).every((byte) => byte === 0)).toBe(true);
  });
});

test("a ring has no more slots than its page of control has words for", () => {
  expect(codeOf(() => ringOf(1, 1001))).toBe("INTERNAL");
});
