import { describe, expect, it } from "vitest";
import { ed25519KeyPair, ed25519Sign, ed25519Verify } from "../../src/crypto/sodium.js";
import { hex, secret, toHex } from "./hex.js";

describe("Ed25519 (RFC 8032, section 7.1)", () => {
  it.each([
    [
      "TEST 1",
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "TEST 2",
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "TEST 3",
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
    [
      "TEST SHA(abc)",
      "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ],
  ])("%s", (_name, seed, publicKey, message, signature) => {
    const pair = ed25519KeyPair(secret(seed));
    expect(toHex(pair.publicKey)).toBe(publicKey);
    expect(toHex(pair.secretKey)).toBe(seed + publicKey);
    expect(toHex(ed25519Sign(hex(message), pair.secretKey))).toBe(signature);
    expect(ed25519Verify(hex(signature), hex(message), hex(publicKey))).toBe(true);
  });
});

describe("Ed25519 verification is strict", () => {
  const message = Buffer.from("the exact bytes that were signed");
  const pair = ed25519KeyPair(secret("42".repeat(32)));
  const signature = ed25519Sign(message, pair.secretKey);
  /** The order of the group, L = 2^252 + 27742317777372353535851937790883648493. */
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;

  it("accepts what was signed, and nothing with a bit turned over", () => {
    expect(ed25519Verify(signature, message, pair.publicKey)).toBe(true);
    for (let bit = 0; bit < 512; bit++) {
      expect(ed25519Verify(flipped(signature, bit), message, pair.publicKey), `signature, bit ${bit}`).toBe(false);
    }
    for (let bit = 0; bit < 256; bit++) {
      expect(ed25519Verify(signature, message, flipped(pair.publicKey, bit)), `key, bit ${bit}`).toBe(false);
    }
    expect(ed25519Verify(signature, flipped(message, 0), pair.publicKey)).toBe(false);
    expect(ed25519Verify(signature, message.subarray(1), pair.publicKey)).toBe(false);
    expect(ed25519Verify(new Uint8Array(64), message, pair.publicKey)).toBe(false);
  });

  it.each([1n, 2n, 7n])("refuses S + %d·L, a second signature that nobody made (malleability)", (times) => {
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + times * order;
    const other = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse(),
    ]);
    expect(other).toHaveLength(64);
    expect(ed25519Verify(other, message, pair.publicKey)).toBe(false);
  });

  it.each([
    ["the neutral element", "0100000000000000000000000000000000000000000000000000000000000000"],
    ["order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["order 4", "0000000000000000000000000000000000000000000000000000000000000000"],
    ["order 4, the other", "0000000000000000000000000000000000000000000000000000000000000080"],
    ["order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["order 8, the second", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"],
    ["order 8, the third", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
    ["order 8, the fourth", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"],
    ["the neutral element, spelled p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["order 4, spelled p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    [
      "the neutral element with the sign of minus zero",
      "0100000000000000000000000000000000000000000000000000000000000080",
    ],
  ])("refuses a public key of small order, under which anybody signs: %s", (_what, publicKey) => {
    // R the neutral element and S = 0 satisfy the plain equation for the neutral key, whatever the message is.
    const forged = Buffer.concat([hex("01".padEnd(64, "0")), new Uint8Array(32)]);
    expect(ed25519Verify(forged, message, hex(publicKey))).toBe(false);
    const withSmallR = Buffer.concat([hex(publicKey), new Uint8Array(32)]);
    expect(ed25519Verify(withSmallR, message, hex(publicKey))).toBe(false);
  });

  it("refuses a public key that is no point, or is spelled at or above p", () => {
    for (const publicKey of ["02".padEnd(64, "0"), "f0" + "ff".repeat(30) + "7f", "ff".repeat(32)]) {
      expect(ed25519Verify(signature, message, hex(publicKey))).toBe(false);
    }
  });

  it("takes nothing of the wrong size", () => {
    expect(() => ed25519Verify(signature.subarray(1), message, pair.publicKey)).toThrow(/must be 64 bytes/);
    expect(() => ed25519Verify(signature, message, pair.publicKey.subarray(1))).toThrow(/must be 32 bytes/);
    expect(() => ed25519Sign(message, secret("00".repeat(32)))).toThrow(/must be 64 bytes/);
    expect(() => ed25519KeyPair(secret("00".repeat(31)))).toThrow(/must be 32 bytes/);
  });
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
