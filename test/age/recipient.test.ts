import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes.js";
import { decodeBech32, encodeBech32 } from "../../src/age/bech32.js";
import { generateIdentity, parseIdentity } from "../../src/age/identity.js";
import { parseRecipient } from "../../src/age/recipient.js";
import { generateFileKey } from "../../src/age/file-key.js";
import type { Stanza } from "../../src/age/stanza.js";
import { decodeBase64, encodeBase64 } from "../../src/age/base64.js";
import { pattern } from "./pieces.js";
import { refusal } from "./refusal.js";

const kinds = [
  ["X25519", "age", 62, 32],
  ["mlkem768x25519", "age1pq", 1959, 1216],
] as const;

const lowOrderPoints = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
/** Spellings of 0, 1, 2 and 18 that add the field's prime, and one that sets the bit that does not count. */
const otherSpellings = [
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0900000000000000000000000000000000000000000000000000000000000080",
];

describe.each(kinds)("a recipient of kind %s", (kind, hrp, characters, sizeBytes) => {
  const identity = generateIdentity(kind);
  const { encoded } = identity.recipient;
  const publicKey = decodeBech32(hrp, Buffer.from(encoded)) ?? new Uint8Array(0);
  const spelled = (key: Uint8Array): string => Buffer.from(encodeBech32(hrp, key)).toString();
  const withPoint = (hex: string): string =>
    spelled(Buffer.concat([publicKey.subarray(0, sizeBytes - 32), Buffer.from(hex, "hex")]));

  it("reads as it is written", () => {
    expect(encoded).toHaveLength(characters);
    expect(parseRecipient(encoded)).toMatchObject({ kind, encoded });
  });

  it("wraps a file key for its own identity and for no other", () => {
    const fileKey = generateFileKey();
    const stanza = parseRecipient(encoded).wrap(fileKey);
    expect(stanza).toMatchObject({ type: kind });
    expect(stanza.body).toHaveLength(32);
    expect(toHex(identity.unwrap(stanza)?.expose() ?? new Uint8Array(0))).toBe(toHex(fileKey.expose()));
    expect(generateIdentity(kind).unwrap(stanza)).toBeUndefined();
    const otherKind = kind === "X25519" ? "mlkem768x25519" : "X25519";
    expect(generateIdentity(otherKind).unwrap(stanza)).toBeUndefined();
  });

  it("wraps differently each time", () => {
    const fileKey = generateFileKey();
    expect(identity.recipient.wrap(fileKey)).not.toEqual(identity.recipient.wrap(fileKey));
  });

  it.each(lowOrderPoints)("refuses the low-order point %s, which everybody could open", async (point) => {
    expect(await refusal(() => parseRecipient(withPoint(point)))).toBe("CARD_UNUSABLE");
  });

  it.each(otherSpellings)("refuses the second spelling %s, which its owner could not open", async (point) => {
    expect(await refusal(() => parseRecipient(withPoint(point)))).toBe("CARD_UNUSABLE");
  });

  it("refuses a key that is too short or too long", async () => {
    expect(await refusal(() => parseRecipient(spelled(publicKey.subarray(1))))).toBe("CARD_UNUSABLE");
    expect(await refusal(() => parseRecipient(spelled(Buffer.concat([publicKey, pattern(1)]))))).toBe("CARD_UNUSABLE");
  });

  it.each([
    ["upper case", encoded.toUpperCase()],
    ["mixed case", encoded.replace("a", "A")],
    ["space before", ` ${encoded}`],
    ["space after", `${encoded} `],
    ["a line feed after", `${encoded}\n`],
    ["one character less", encoded.slice(0, -1)],
    ["another program's kind of key", "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t"],
    ["an identity", Buffer.from(identity.encode().expose()).toString()],
    ["nothing", ""],
  ])("refuses %s", async (_what, text) => {
    expect(await refusal(() => parseRecipient(text))).toBe("CARD_UNUSABLE");
  });
});

describe("a hybrid recipient", () => {
  it("is refused when a number in its ML-KEM half is not below 3329 (FIPS 203 section 7.2)", async () => {
    const { encoded } = generateIdentity("mlkem768x25519").recipient;
    const key = Uint8Array.from(decodeBech32("age1pq", Buffer.from(encoded)) ?? []);
    key.set([0x01, 0x0d], 0); // 0xd01 is 3329
    const text = Buffer.from(encodeBech32("age1pq", key)).toString();
    expect(await refusal(() => parseRecipient(text))).toBe("CARD_UNUSABLE");
  });
});

describe.each(kinds)("an identity of kind %s", (kind) => {
  const identity = generateIdentity(kind);
  const stanza = identity.recipient.wrap(generateFileKey());
  const share = decodeBase64(stanza.args[0] ?? "") ?? new Uint8Array(0);
  const shareSize = kind === "X25519" ? 32 : 1120;
  const unwrap = (changed: Partial<Stanza>): unknown => identity.unwrap({ ...stanza, ...changed });

  it("reads as it is written", () => {
    const encoded = identity.encode().expose();
    const again = parseIdentity(encoded);
    expect(again?.recipient.encoded).toBe(identity.recipient.encoded);
    expect(again?.unwrap(stanza)?.sizeBytes).toBe(16);
    expect(parseIdentity(Buffer.from(Buffer.from(encoded).toString().toLowerCase()))).toBeUndefined();
    expect(parseIdentity(encoded.subarray(0, -1))).toBeUndefined();
    expect(parseIdentity(Buffer.from(identity.recipient.encoded))).toBeUndefined();
  });

  it("is not made of a secret of another size", () => {
    const prefix = kind === "X25519" ? "AGE-SECRET-KEY-" : "AGE-SECRET-KEY-PQ-";
    expect(parseIdentity(encodeBech32(prefix, pattern(32)))).toBeDefined();
    expect(parseIdentity(encodeBech32(prefix, pattern(31)))).toBeUndefined();
    expect(parseIdentity(encodeBech32(prefix, pattern(33)))).toBeUndefined();
  });

  it("passes over what is not of its kind, however malformed", () => {
    expect(unwrap({ type: "scrypt" })).toBeUndefined();
    expect(unwrap({ type: `${kind}x`, args: [], body: pattern(1) })).toBeUndefined();
  });

  it.each<[string, Partial<Stanza>]>([
    ["no share", { args: [] }],
    ["two shares", { args: [...stanza.args, ...stanza.args] }],
    ["a share that is not base64", { args: ["!"] }],
    ["a share that is too short", { args: [encodeBase64(share.subarray(1))] }],
    ["a share that is too long", { args: [encodeBase64(Buffer.concat([share, pattern(1)]))] }],
    ["a body that is too short", { body: stanza.body.subarray(1) }],
    ["a body that is too long", { body: Buffer.concat([stanza.body, pattern(1)]) }],
    ...lowOrderPoints.map((point): [string, Partial<Stanza>] => [
      `the low-order share ${point}`,
      { args: [encodeBase64(Buffer.concat([share.subarray(0, shareSize - 32), Buffer.from(point, "hex")]))] },
    ]),
  ])("calls a stanza of its kind malformed for %s", async (_what, changed) => {
    expect(await refusal(() => unwrap(changed))).toBe("HEADER_MALFORMED");
  });

  it("finds no match where the share or the body is another's", () => {
    const other = generateIdentity(kind).recipient.wrap(generateFileKey());
    expect(unwrap({ args: other.args })).toBeUndefined();
    expect(unwrap({ body: other.body })).toBeUndefined();
  });
});

describe("the examples of age.md", () => {
  it.each<[string, string]>([
    [
      "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
      "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
    ],
  ])("%s belongs to %s", (secret, recipient) => {
    expect(parseIdentity(Buffer.from(secret))?.recipient.encoded).toBe(recipient);
  });

  it("has a hybrid identity of the documented form", () => {
    const text = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR";
    const encoded = parseIdentity(Buffer.from(text))?.recipient.encoded;
    expect(encoded?.slice(0, 60)).toBe("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg8");
    expect(encoded?.slice(-40)).toBe("9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k".slice(-40));
  });
});
