import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromUtf8, toHex, utf8 } from "../../src/bytes.js";
import { EvsealError } from "../../src/errors.js";
import { encodeBase64 } from "../../src/minisign/base64.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { refusal } from "../refusal.js";
import { documentedPublicKey, publicKeyFile } from "./made-by-minisign.js";

const { encoded, shownKeyId } = documentedPublicKey;
const parse = (text: string) => () => MinisignPublicKey.parse(text);
const parseFile = (text: string) => () => MinisignPublicKey.parseFile(utf8(text));
const encode = (algorithm: string, key: Uint8Array): string =>
  fromUtf8(encodeBase64(concat(utf8(algorithm), new Uint8Array(8), key)));

describe("a minisign public key", () => {
  it("is read from its line, and gives the same line again", () => {
    const key = MinisignPublicKey.parse(encoded);
    expect(key.encoded).toBe(encoded);
    expect(key.shownKeyId).toBe(shownKeyId);
    expect(toHex(key.keyId)).toBe("1fe8b442180f62e7");
    expect(key.key).toHaveLength(32);
  });

  it("is read from a file that minisign wrote, and written the same way", () => {
    const key = MinisignPublicKey.parseFile(utf8(publicKeyFile));
    expect(fromUtf8(key.encodeFile())).toBe(publicKeyFile);
  });

  it.each([
    ["the line alone", encoded],
    ["the line with a line feed", `${encoded}\n`],
    ["the lines that minisign writes on Windows", `untrusted comment: x\r\n${encoded}\r\n`],
    ["a comment that is empty", `untrusted comment: \n${encoded}\n`],
  ])("is read from a file with %s", (_, text) => {
    expect(MinisignPublicKey.parseFile(utf8(text)).encoded).toBe(encoded);
  });

  it.each([
    ["nothing", ""],
    ["an empty line above it", `\n${encoded}\n`],
    ["an empty line below it", `${encoded}\n\n`],
    ["another comment", `comment: x\n${encoded}\n`],
    ["a comment only", "untrusted comment: x"],
    ["a comment without end", `untrusted comment: ${"x".repeat(2000)}\n${encoded}\n`],
    ["two keys", `${encoded}\n${encoded}\n`],
    ["a lone carriage return", `${encoded}\r`],
    ["a space behind it", `${encoded} \n`],
    ["a byte order mark", `\u{feff}${encoded}\n`],
    ["a secret key", `untrusted comment: x\n${"A".repeat(212)}\n`],
  ])("is refused from a file with %s", (_, text) => {
    expect(parseFile(text)).toThrow(refusal("CARD_UNUSABLE"));
  });

  it.each([
    ["a line feed behind it", `${encoded}\n`],
    ["its last letter missing", encoded.slice(0, -1)],
    ["one letter more", `${encoded}A`],
    ["another algorithm", encode("ED", new Uint8Array(32).fill(9))],
    ["a letter that is not base64", encoded.replace("RWQf", "RWQ!")],
    ["a letter that only looks like one", encoded.replace("R", "Ｒ")],
  ])("is refused with %s", (_, text) => {
    expect(parse(text)).toThrow(refusal("CARD_UNUSABLE"));
  });

  /** All eight points of small order, computed as the multiples of one of order 8 (RFC 8032, section 5.1). */
  const smallOrder = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  ];
  const signOfNothing = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ];
  /** y from p to 2^255 - 1, which other programs read as y - p. */
  const notReduced = ["ed", "ee", "ef", "f0", "ff"].flatMap((low) =>
    ["7f", "ff"].map((high) => `${low}${"ff".repeat(30)}${high}`),
  );

  it.each([...smallOrder, ...signOfNothing, ...notReduced])(
    "is refused when it is %s, under which anybody signs",
    (hex) => {
      expect(parse(encode("Ed", Buffer.from(hex, "hex")))).toThrow(refusal("CARD_UNUSABLE"));
    },
  );

  it("is not refused just beside those", () => {
    for (const hex of ["02", "03", "eb"].map(
      (low) => `${low}${low === "eb" ? `${"ff".repeat(30)}7f` : "00".repeat(31)}`,
    )) {
      expect(parse(encode("Ed", Buffer.from(hex, "hex")))).not.toThrow();
    }
  });

  it("cannot be changed from outside", () => {
    const key = MinisignPublicKey.parse(encoded);
    key.key.fill(0);
    key.keyId.fill(0);
    expect(key.encoded).toBe(encoded);
  });

  it("is either refused or the one encoding of itself, whatever is in the file", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.uint8Array({ minLength: 42, maxLength: 42 }).map((bytes) => fromUtf8(encodeBase64(bytes))),
      fc.uint8Array({ minLength: 40, maxLength: 40 }).map((bytes) => fromUtf8(encodeBase64(concat(utf8("Ed"), bytes)))),
      fc.tuple(fc.nat(encoded.length), fc.string({ maxLength: 2 })).map(([at, put]) => encoded.slice(0, at) + put),
    );
    let parsed = 0;
    fc.assert(
      fc.property(text, (line) => {
        try {
          expect(MinisignPublicKey.parse(line).encoded).toBe(line);
          parsed++;
        } catch (error) {
          if (!(error instanceof EvsealError)) throw error;
          expect(error.code).toBe("CARD_UNUSABLE");
        }
      }),
    );
    expect(parsed).toBeGreaterThan(0);
  });
});
