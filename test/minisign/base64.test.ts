import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { decodeBase64, encodeBase64 } from "../../src/minisign/base64.js";

describe("base64 from bytes to bytes", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("encodes %j as RFC 4648 section 10 says, %j", (plain, encoded) => {
    expect(fromUtf8(encodeBase64(utf8(plain)))).toBe(encoded);
    expect(decodeBase64(utf8(encoded))).toEqual(utf8(plain));
  });

  it("agrees with Node's for all bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const encoded = Buffer.from(bytes).toString("base64");
        expect(fromUtf8(encodeBase64(bytes))).toBe(encoded);
        expect(decodeBase64(utf8(encoded))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ["no padding", "Zg"],
    ["half the padding", "Zg="],
    ["padding alone", "===="],
    ["padding in the middle", "Zg==Zg=="],
    ["too much padding", "Zm8=="],
    ["three times padding", "Z==="],
    ["bits behind the last byte of one", "Zh=="],
    ["bits behind the last byte of two", "Zm9="],
    ["the letters of URLs", "-_-_"],
    ["a space", "Zm9 "],
    ["a line feed", "Zm9v\n"],
    ["a line feed within", "Zm9v\nZm9"],
    ["a NUL", "Zm9\0"],
  ])("refuses %s", (_, encoded) => {
    expect(decodeBase64(utf8(encoded))).toBeUndefined();
  });

  it("accepts only what encoding gives", () => {
    const symbols = fc.constantFrom(...Array.from("ABCZabz019+/=-_ \n"));
    fc.assert(
      fc.property(fc.string({ unit: symbols, maxLength: 12 }), (text) => {
        const bytes = decodeBase64(utf8(text));
        if (bytes !== undefined) expect(fromUtf8(encodeBase64(bytes))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
