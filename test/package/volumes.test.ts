import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { volumesCap } from "../../src/package/names.js";
import { parseVolumeSize, partStepBytes, planVolumes, presetNames, type Volume } from "../../src/package/volumes.js";
import { refusal } from "../refusal.js";

const mib = 1024 * 1024;
const largestPartBytes = 4_294_965_248;
const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
const disc = (capacityBytes: number): Volume => ({ noun: "disc", capacityBytes, largestPartBytes });

describe("a volume size", () => {
  it("may be a kind of disc, whose capacity is that of the smallest one sold", () => {
    const sectors = presetNames.map((name) => parseVolumeSize(name).capacityBytes / 2048);
    expect(sectors).toEqual([2_295_104, 4_171_712, 11_826_176, 23_652_352, Infinity]);
    for (const name of presetNames) expect(parseVolumeSize(name).largestPartBytes).toBe(largestPartBytes);
  });

  it.each([
    ["734003200", 734_003_200],
    ["700MB", 700_000_000],
    ["700 MB", 700_000_000],
    ["4.7GB", 4_700_000_000],
    ["0.7GB", 700_000_000],
    ["8000kB", 8_000_000],
    ["1.5TB", 1_500_000_000_000],
    ["8192KiB", 8 * mib],
    ["650MiB", 650 * mib],
    ["23.3GiB", 25_018_184_499],
    ["1TiB", 2 ** 40],
  ])("may be what a disc holds: %s", (text, capacityBytes) => {
    expect(parseVolumeSize(text)).toEqual(disc(capacityBytes));
  });

  it.each([
    ...[
      "",
      "DVD",
      "dvd ",
      "cd",
      "constructor",
      "toString",
      "-700MB",
      "+1GB",
      "1e9",
      "0x7fffffff",
      "4.7",
      "700.5",
      "700M",
    ],
    ...["700mb", "700KB", "700kiB", "700MIB", ".7GB", "4.GB", "4,7GB", "1 000MB", "700  MB", "700MB ", "MB", "NaN"],
    ...["9007199254740992", "99999999999TB", "1/2GB"],
  ])("is refused where it is neither: %j", (text) => {
    expect(() => parseVolumeSize(text)).toThrow(refusal("USAGE"));
  });

  it.each(["0", "1", "700kB", "5242879"])("is refused where nothing would fit: %s", (text) => {
    expect(() => parseVolumeSize(text)).toThrow(refusal("USAGE"));
  });

  it("may be the least that holds anything", () => {
    expect(parseVolumeSize("5MiB")).toEqual(disc(5 * mib));
  });
});

describe("a plan", () => {
  it("leaves a container whole that fits on one disc and in one file", () => {
    expect(planVolumes(1, [], disc(10 * mib))).toEqual([[1]]);
    expect(planVolumes(6 * mib, [], disc(10 * mib))).toEqual([[6 * mib]]);
    expect(planVolumes(largestPartBytes, [], parseVolumeSize("fat32"))).toEqual([[largestPartBytes]]);
  });

  it("cuts one that does not, at 64 KiB, and gives every disc its share", () => {
    expect(planVolumes(6 * mib + 1, [], disc(10 * mib))).toEqual([[6 * mib], [1]]);
    expect(planVolumes(6 * mib, [1], disc(10 * mib))).toEqual([[6 * mib - partStepBytes], [partStepBytes]]);
    expect(planVolumes(6 * mib, [], disc(10 * mib - 1))).toEqual([[6 * mib - partStepBytes], [partStepBytes]]);
    expect(planVolumes(largestPartBytes + 1, [], parseVolumeSize("fat32"))).toEqual([[2 ** 32 - 65_536, 63_489]]);
  });

  it("puts several parts on a disc that holds more than one file of a size that all computers read", () => {
    const [first, ...others] = planVolumes(30e9, [5000, 1000], parseVolumeSize("bd25"));
    expect(first?.map((size) => size / 2 ** 32)).toEqual([...Array<number>(5).fill(1 - 2 ** -16), expect.any(Number)]);
    expect(others).toHaveLength(1);
  });

  it("takes small files by whole sectors", () => {
    const byte = planVolumes(100 * mib, [1, 1, 1], disc(10 * mib));
    expect(planVolumes(100 * mib, [2048, 2048, 2048], disc(10 * mib))).toEqual(byte);
    expect(planVolumes(100 * mib, [65_536, 1, 1], disc(10 * mib))[0]).not.toEqual(byte[0]);
  });

  it.each<[string, Parameters<typeof refusal>[0], number, readonly number[], Volume]>([
    ["whose discs are filled by the small files", "USAGE", 1, [5 * mib + 1], disc(10 * mib)],
    ["of more parts than can be numbered", "TOO_MUCH_TO_PACK", 999 * 6 * mib + 1, [], disc(10 * mib)],
    ["of more files than can be numbered", "TOO_MUCH_TO_PACK", 2 ** 42, [], parseVolumeSize("fat32")],
    ["of more than a disc could ever be", "TOO_MUCH_TO_PACK", 2 ** 52, [], parseVolumeSize("fat32")],
  ])("is refused %s", (_, code, sizeBytes, smallFiles, volume) => {
    expect(() => planVolumes(sizeBytes, smallFiles, volume)).toThrow(refusal(code));
  });

  it("may have as many parts as can be numbered", () => {
    expect(planVolumes(999 * 6 * mib, [], disc(10 * mib))).toHaveLength(volumesCap);
  });

  it("loses no byte, fits, and cuts no more than it must", () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 2 ** 33 }), fc.integer({ min: 1, max: 2 ** 42 }));
    const volumes = fc.oneof(
      fc.constantFrom(...presetNames).map(parseVolumeSize),
      fc.integer({ min: 10 * mib, max: 2 ** 37 }).map(disc),
    );
    const smallFiles = fc.array(fc.integer({ min: 0, max: mib }), { maxLength: 4 });
    fc.assert(
      fc.property(sizes, smallFiles, volumes, (sizeBytes, small, volume) => {
        const least = Math.ceil(sizeBytes / Math.min(largestPartBytes, volume.capacityBytes - 9 * mib));
        fc.pre(least * 2 < volumesCap);
        const discs = planVolumes(sizeBytes, small, volume);
        const parts = discs.flat();
        expect(sum(parts)).toBe(sizeBytes);
        for (const [index, part] of parts.entries()) {
          expect(part).toBeGreaterThan(0);
          expect(part).toBeLessThanOrEqual(largestPartBytes);
          if (index < parts.length - 1) expect(part % partStepBytes).toBe(0);
        }
        const inSectors = (size: number): number => Math.ceil(size / 2048) * 2048;
        for (const disc of discs) {
          const used = sum([...disc, ...small].map(inSectors));
          expect(used + 4 * mib).toBeLessThanOrEqual(volume.capacityBytes);
        }
        for (const disc of discs.slice(0, -1)) {
          const used = sum([...disc, ...small].map(inSectors));
          expect(volume.capacityBytes - 4 * mib - used).toBeLessThan(partStepBytes + 2048);
        }
      }),
    );
  });
});
