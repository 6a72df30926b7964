import { describe, expect, it } from "vitest";
import { limitsFor, logCostOf } from "../../src/minisign/scrypt-limits.js";

describe("libsodium's limits for scrypt", () => {
  it.each([
    ["minisign's own, libsodium's SENSITIVE", 33554432n, 1073741824n, 20],
    ["libsodium's INTERACTIVE", 524288n, 16777216n, 14],
    ["rsign2's", 1048576n, 33554432n, 15],
    ["fewer operations than memory would allow", 524288n, 1073741824n, 14],
    ["no operations, which count as 32768", 0n, 1073741824n, 10],
    ["memory between two powers of two", 33554432n, 1073741823n, undefined],
    ["more operations than memory, which means p = 2", 2097152n, 33554432n, undefined],
    ["the most that the file can say", 2n ** 64n - 1n, 2n ** 64n - 1n, undefined],
  ])("mean, with %s, what libsodium takes them for", (_, operations, memoryBytes, logCost) => {
    expect(logCostOf(operations, memoryBytes)).toBe(logCost);
  });

  it("come back as the cost they were written for", () => {
    for (let logN = 10; logN <= 30; logN++) {
      const { operations, memoryBytes } = limitsFor(logN);
      expect(logCostOf(operations, memoryBytes)).toBe(logN);
    }
    expect(limitsFor(17)).toEqual({ operations: 4194304n, memoryBytes: 134217728n });
  });
});
