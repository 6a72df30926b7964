import { createHash } from "node:crypto";
import sodium from "libsodium-wrappers";
import { beforeAll, describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { xwingDecapsulate, xwingEncapsulate, xwingPublicKey } from "../../src/crypto/sodium.js";
import { hex, secret, toHex } from "./hex.js";

beforeAll(() => sodium.ready);

/**
 * draft-connolly-cfrg-xwing-kem, appendix "Test vectors": each takes its 32-byte seed and 64 bytes of encapsulation
 * randomness from SHAKE128 of nothing. Public key and ciphertext are long, and are compared by their SHA-256.
 */
const stream = createHash("shake128", { outputLength: 3 * 96 }).digest();
const published = [
  {
    publicKey: "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb",
    ciphertext: "17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33",
    shared: "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
  },
  {
    publicKey: "c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916",
    ciphertext: "1661ea86d608a1924ba30840cb0a65f13ae051e3aec9cf0f064efc0bc92f2154",
    shared: "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
  },
  {
    publicKey: "6b080d6b84f095342092fa7a22423e58bd681397ad0ef00eac92bd254db4fa95",
    ciphertext: "d3ca5578500344b5896cffc4fd740c9311946b82951df155e6fd86a7966b43c6",
    shared: "953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f",
  },
];

describe("X-Wing (the Internet-Draft's test vectors)", () => {
  it.each(published.map((vector, index) => [index + 1, vector] as const))("number %i", (number, vector) => {
    const start = (number - 1) * 96;
    const seed = SecretBytes.take(Uint8Array.from(stream.subarray(start, start + 32)));
    const randomness = stream.subarray(start + 32, start + 96);
    const publicKey = xwingPublicKey(seed);
    expect(sha256(publicKey)).toBe(vector.publicKey);
    const { ciphertext } = sodium.crypto_kem_xwing_enc_deterministic(publicKey, randomness);
    expect(sha256(ciphertext)).toBe(vector.ciphertext);
    expect(toHex(xwingDecapsulate(seed, ciphertext))).toBe(vector.shared);
  });
});

describe("X-Wing", () => {
  const seed = secret("07".repeat(32));
  const publicKey = xwingPublicKey(seed);

  it("comes to the same secret on both sides, a fresh one each time", () => {
    const one = xwingEncapsulate(publicKey);
    const two = xwingEncapsulate(publicKey);
    expect(one.ciphertext).toHaveLength(1120);
    expect(toHex(xwingDecapsulate(seed, one.ciphertext))).toBe(toHex(one.sharedSecret));
    expect(toHex(one.sharedSecret)).not.toBe(toHex(two.sharedSecret));
  });

  it("gives another secret, and no error, for a ciphertext that is altered or another's", () => {
    const { ciphertext, sharedSecret } = xwingEncapsulate(publicKey);
    for (const at of [0, 500, 1087, 1088, 1119]) {
      const altered = Uint8Array.from(ciphertext);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(toHex(xwingDecapsulate(seed, altered)), `byte ${at}`).not.toBe(toHex(sharedSecret));
    }
    expect(toHex(xwingDecapsulate(secret("08".repeat(32)), ciphertext))).not.toBe(toHex(sharedSecret));
  });

  it("seals to no key with a number of its ML-KEM half at or above 3329, or a point of low order", () => {
    for (const change of [
      { at: 0, bytes: "010d" }, // 3329 in the first twelve bits
      { at: 1184, bytes: "00".repeat(32) },
      { at: 1184, bytes: "01".padEnd(64, "0") },
    ]) {
      const unusable = Uint8Array.from(publicKey);
      unusable.set(hex(change.bytes), change.at);
      expect(() => xwingEncapsulate(unusable)).toThrow();
    }
  });

  it("takes nothing of the wrong size", () => {
    expect(() => xwingPublicKey(secret("00"))).toThrow(/must be 32 bytes/);
    expect(() => xwingEncapsulate(publicKey.subarray(1))).toThrow(/must be 1216 bytes/);
    expect(() => xwingDecapsulate(seed, new Uint8Array(1119))).toThrow(/must be 1120 bytes/);
    expect(() => xwingDecapsulate(secret("00"), new Uint8Array(1120))).toThrow(/must be 32 bytes/);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
