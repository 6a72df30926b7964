import sodium from "libsodium-wrappers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { aeadOpen, aeadOpenInto, aeadSeal, tagSizeBytes } from "../../src/crypto/aead.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { hex, secret, toHex } from "./hex.js";

beforeAll(() => sodium.ready);

describe("ChaCha20-Poly1305 (RFC 8439)", () => {
  it("section 2.8.2: the ciphertext; the tag there covers associated data, of which age has none", () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index));
    const sunscreen =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    const sealed = aeadSeal(SecretBytes.take(key), hex("070000004041424344454647"), Buffer.from(sunscreen));
    expect(toHex(sealed.subarray(0, -tagSizeBytes))).toBe(
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
        "3ff4def08e4b7a9de576d26586cec64b6116",
    );
  });

  it("agrees with libsodium, another implementation, on every size", () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        fc.uint8Array({ maxLength: 300 }),
        (key, nonce, plaintext) => {
          const theirs = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, key);
          const ours = aeadSeal(SecretBytes.take(Uint8Array.from(key)), nonce, plaintext);
          expect(toHex(ours)).toBe(toHex(theirs));
          expect(toHex(aeadOpen(SecretBytes.take(key), nonce, theirs))).toBe(toHex(plaintext));
        },
      ),
      { numRuns: 200, seed: 3 },
    ));
});

describe("opening", () => {
  const key = secret("11".repeat(32));
  const nonce = hex("22".repeat(12));
  const plaintext = Buffer.from("nothing of this before the tag was checked");
  const sealed = aeadSeal(key, nonce, plaintext);

  it("gives back what was sealed, in memory of its own", () => {
    const opened = aeadOpen(key, nonce, sealed);
    expect(toHex(opened)).toBe(toHex(plaintext));
    opened?.fill(0);
    expect(toHex(aeadOpen(key, nonce, sealed))).toBe(toHex(plaintext));
  });

  it("gives nothing when a bit of tag or ciphertext is turned over", () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(aeadOpen(key, nonce, flipped), `bit ${bit}`).toBeUndefined();
      const target = new Uint8Array(plaintext.length);
      expect(aeadOpenInto(target, key, nonce, flipped), `bit ${bit}`).toBe(false);
      expect(target.every((byte) => byte === 0)).toBe(true);
    }
  });

  it("gives nothing under a shortened tag, however right its start is", () => {
    for (let missing = 1; missing <= sealed.length; missing++) {
      expect(aeadOpen(key, nonce, sealed.subarray(0, sealed.length - missing))).toBeUndefined();
    }
    expect(aeadOpen(key, nonce, Buffer.concat([sealed, hex("00")]))).toBeUndefined();
    const emptySealed = aeadSeal(key, nonce, new Uint8Array(0));
    expect(aeadOpen(key, nonce, emptySealed)).toHaveLength(0);
    for (const size of [15, 12, 8, 4, 0]) expect(aeadOpen(key, nonce, emptySealed.subarray(0, size))).toBeUndefined();
  });

  it("gives nothing under another key or nonce, or a tag of zeros or ones", () => {
    expect(aeadOpen(secret("12".repeat(32)), nonce, sealed)).toBeUndefined();
    expect(aeadOpen(key, hex("23".repeat(12)), sealed)).toBeUndefined();
    for (const tag of ["00", "ff"]) {
      const replaced = Buffer.concat([sealed.subarray(0, -16), hex(tag.repeat(16))]);
      expect(aeadOpen(key, nonce, replaced)).toBeUndefined();
    }
  });

  it.each([0, 8, 11, 13, 24])("takes no nonce of %i bytes", (size) => {
    expect(() => aeadSeal(key, new Uint8Array(size), plaintext)).toThrow(/must be 12 bytes/);
    expect(() => aeadOpen(key, new Uint8Array(size), sealed)).toThrow(/must be 12 bytes/);
  });

  it.each([0, 16, 31, 33])("takes no key of %i bytes", (size) => {
    const wrong = SecretBytes.take(new Uint8Array(size));
    expect(() => aeadSeal(wrong, nonce, plaintext)).toThrow(/must be 32 bytes/);
    expect(() => aeadOpen(wrong, nonce, sealed)).toThrow(/must be 32 bytes/);
  });
});
