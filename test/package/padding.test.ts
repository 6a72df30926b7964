import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { padmeSizeBytes, paddingEntry, tarTrailerSizeBytes } from "../../src/package/padding.js";
import { encodeTarHeader } from "../../src/package/tar-header.js";

const total = (contentSizeBytes: number): number => {
  const entry = paddingEntry("EV-0000-0000-0000/padding", contentSizeBytes);
  return contentSizeBytes + encodeTarHeader(entry).length + entry.sizeBytes + tarTrailerSizeBytes;
};

describe("PADMÉ", () => {
  it("gives the lengths of the paper", () => {
    // Nikitin et al. 2019, figure 3: the mantissa has no more bits than the exponent's own length.
    expect([9, 10, 16, 17, 33, 65, 1000, 1_000_000].map(padmeSizeBytes)).toEqual([
      10, 10, 16, 18, 36, 72, 1024, 1_015_808,
    ]);
  });

  it("never shortens, adds at most 12 %, and is its own fixed point", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 44 }), (size) => {
        const padded = padmeSizeBytes(size);
        expect(padded).toBeGreaterThanOrEqual(size);
        expect(padded / size).toBeLessThanOrEqual(1.12);
        expect(padmeSizeBytes(padded)).toBe(padded);
      }),
    );
  });

  it("adds under 3.2 % from 1 GB on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e9, max: 2 ** 44 }), (size) => {
        expect(padmeSizeBytes(size) / size).toBeLessThanOrEqual(1.032);
      }),
    );
  });
});

describe("the padding entry", () => {
  it("brings the whole archive to its PADMÉ length, whatever it holds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 34 }), (blocks) => {
        const size = total(512 * blocks);
        expect(size).toBe(padmeSizeBytes(size));
        expect(size % 512).toBe(0);
      }),
    );
  });

  it("does so where the padding itself is over 8 GiB", () => {
    const content = 2 ** 40 + 512;
    expect(paddingEntry("EV-0000-0000-0000/padding", content).sizeBytes).toBeGreaterThan(8 ** 11);
    expect(total(content)).toBe(padmeSizeBytes(total(content)));
  });

  it("makes archives that differ by a few blocks the same length", () => {
    expect(total(512 * 100_001)).toBe(total(512 * 100_003));
  });
});
