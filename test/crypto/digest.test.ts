import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { equalInConstantTime, hmacSha256, Sha256, sha256 } from "../../src/crypto/digest.js";
import { blake2b } from "../../src/crypto/sodium.js";
import { hex, secret, toHex } from "./hex.js";

describe("SHA-256 (FIPS 180-4, the examples of NIST)", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("of %.60s", (message, digest) => {
    expect(toHex(sha256(Buffer.from(message)))).toBe(digest);
    const running = new Sha256();
    for (let offset = 0; offset < message.length; offset += 999) {
      running.update(Buffer.from(message.slice(offset, offset + 999)));
    }
    expect(running.hex()).toBe(digest);
  });
});

describe("HMAC-SHA-256 (RFC 4231)", () => {
  it.each([
    ["0b".repeat(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      Buffer.from("Jefe").toString("hex"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "aa".repeat(131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ])("under the key %.40s", (key, message, mac) => {
    expect(toHex(hmacSha256(secret(key), Buffer.from(message)))).toBe(mac);
  });
});

describe("BLAKE2b (RFC 7693, appendix A, and the reference code's empty message)", () => {
  it.each([
    [
      "abc",
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1" +
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    ],
    [
      "",
      "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419" +
        "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
    ],
  ])("of '%s'", (message, digest) => expect(toHex(blake2b(Buffer.from(message), 64))).toBe(digest));

  it.each([65_535, 65_536, 65_537, 200_000])("of %i bytes, as OpenSSL finds it", (sizeBytes) => {
    const message = Buffer.alloc(sizeBytes, "evidence ");
    expect(toHex(blake2b(message, 64))).toBe(createHash("blake2b512").update(message).digest("hex"));
  });

  it("of another length is another digest, not a shorter one", () => {
    expect(toHex(blake2b(Buffer.from("abc"), 32))).toBe(
      "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
    );
  });
});

describe("comparing in constant time", () => {
  it("says yes to the same bytes only", () => {
    expect(equalInConstantTime(hex("0102"), hex("0102"))).toBe(true);
    expect(equalInConstantTime(hex("0102"), hex("0103"))).toBe(false);
    expect(equalInConstantTime(hex("0102"), hex("010200"))).toBe(false);
    expect(equalInConstantTime(hex(""), hex(""))).toBe(true);
  });
});
