import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modifiedTime, modifiedTimeOf } from "../../src/package/modified-time.js";

describe("a file's time", () => {
  it.each([
    [0n, "1970-01-01T00:00:00.000000000Z"],
    [1_700_000_000_123_456_789n, "2023-11-14T22:13:20.123456789Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [253_402_300_799_999_999_999n, "9999-12-31T23:59:59.999999999Z"],
  ])("%s ns is %s", (nanoseconds, text) => {
    expect(modifiedTimeOf(nanoseconds)).toBe(text);
    expect(modifiedTime.safeParse(text).success).toBe(true);
  });

  it.each([253_402_300_800_000_000_000n, -62_167_219_200_000_000_001n, 10n ** 30n])("%s ns has none", (nanoseconds) => {
    expect(modifiedTimeOf(nanoseconds)).toBeUndefined();
  });

  it("is always one its own schema accepts", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -62_167_219_200_000_000_000n, max: 253_402_300_799_999_999_999n }),
        (nanoseconds) => {
          expect(modifiedTime.safeParse(modifiedTimeOf(nanoseconds)).success).toBe(true);
        },
      ),
    );
  });

  it.each([
    "2023-02-30T00:00:00.000000000Z",
    "2023-11-14T24:00:00.000000000Z",
    "2023-11-14T22:13:20.123Z",
    "2023-11-14T22:13:20.123456789+00:00",
    "2023-11-14 22:13:20.123456789Z",
    "+2023-11-14T22:13:20.123456789Z",
    "2023-11-14T22:13:20.123456789Z\u001b[2J",
    "2023-11-14T22:13:20.123456789Z\n",
    "",
  ])("is not %j", (text) => expect(modifiedTime.safeParse(text).success).toBe(false));
});
