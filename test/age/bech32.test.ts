import { describe, expect, it } from "vitest";
import { decodeBech32, encodeBech32 } from "../../src/age/bech32.js";
import { pattern } from "./pieces.js";

const decode = (hrp: string, text: string): Uint8Array | undefined => decodeBech32(hrp, Buffer.from(text, "latin1"));

describe("bech32 (BIP-173)", () => {
  it.each([
    ["A", "A12UEL5L", ""],
    ["a", "a12uel5l", ""],
    ["?", "?1ezyfcl", ""],
    ["abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "00443214c74254b635cf84653a56d7c675be77df"],
    [
      "split",
      "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
      "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d",
    ],
  ])("reads and writes the published example %s %s", (hrp, text, hex) => {
    expect(Buffer.from(decode(hrp, text) ?? "").toString("hex")).toBe(hex);
    expect(decode(hrp, text)).toBeDefined();
    expect(Buffer.from(encodeBech32(hrp, Buffer.from(hex, "hex"))).toString()).toBe(text);
  });

  it.each([
    ["no separator", "pzry", "pzry9x0s0muk"],
    ["an empty human-readable part", "", "1pzry9x0s0muk"],
    ["a character that is none of the 32", "x", "x1b4n0q5v"],
    ["a checksum that is too short", "li", "li1dgmt3"],
    ["a character beyond ASCII", "de", "de1lg7wt\u00ff"],
    ["a checksum made over the upper case", "A", "A1G7SGD8"],
    ["nothing", "a", ""],
    ["a checksum that is wrong", "a", "a12uel5q"],
    ["mixed case", "a", "a12UEL5L"],
    ["another human-readable part", "b", "a12uel5l"],
    ["the human-readable part in the other case", "a", "A12UEL5L"],
  ])("refuses %s", (_what, hrp, text) => {
    expect(decode(hrp, text)).toBeUndefined();
  });

  it("refuses bits left over: five, or any that is set", () => {
    // Made with the reference code of BIP-173; each checksum is right.
    expect(decode("a", "a1q3g6mn3"), "five bits").toBeUndefined();
    expect(decode("a", "a1qqqd87cq"), "ten bits, the last two not set").toEqual(Uint8Array.of(0));
    expect(decode("a", "a1qpamnt9j"), "ten bits, the last set").toBeUndefined();
    expect(decode("a", "a1qqqd87cpp"), "fifteen bits").toBeUndefined();
    expect(decode("a", "a1qqqqqxd0k9r"), "twenty-five bits").toEqual(Uint8Array.of(0, 0, 0));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 31, 32, 33, 1216])("brings back %i bytes, without a limit of 90 characters", (size) => {
    for (const hrp of ["age", "AGE-SECRET-KEY-"]) {
      const text = encodeBech32(hrp, pattern(size));
      expect(decodeBech32(hrp, text)).toEqual(pattern(size));
      expect(text).toHaveLength(hrp.length + 1 + Math.ceil((size * 8) / 5) + 6);
    }
  });

  it("notices every exchanged character", () => {
    const text = Buffer.from(encodeBech32("age", pattern(32)));
    for (let index = 0; index < text.length; index++) {
      const other = Buffer.from(text);
      other[index] = text[index] === 0x71 ? 0x70 : 0x71;
      expect(decodeBech32("age", other), `character ${index}`).toBeUndefined();
    }
  });

  it("leaves what it was given as it was", () => {
    const data = pattern(32);
    const text = encodeBech32("age", data);
    const before = Uint8Array.from(text);
    decodeBech32("age", text);
    expect(data).toEqual(pattern(32));
    expect(text).toEqual(before);
  });
});
