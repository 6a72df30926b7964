import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { hkdfSha256, scrypt } from "../../src/crypto/key-derivation.js";
import { hex, secret, toHex } from "./hex.js";

function counting(from: number, to: number): string {
  return Buffer.from(Array.from({ length: to - from + 1 }, (_, index) => from + index)).toString("hex");
}

describe("HKDF-SHA-256 (RFC 5869, appendix A)", () => {
  it.each([
    [
      "A.1",
      "0b".repeat(22),
      counting(0x00, 0x0c),
      counting(0xf0, 0xf9),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ],
    [
      "A.2",
      counting(0x00, 0x4f),
      counting(0x60, 0xaf),
      counting(0xb0, 0xff),
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ],
    [
      "A.3",
      "0b".repeat(22),
      "",
      "",
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ],
  ])("%s", (_name, keyMaterial, salt, info, output) => {
    expect(toHex(hkdfSha256(secret(keyMaterial), hex(salt), hex(info), output.length / 2))).toBe(output);
  });

  it("takes its info as text too", () => {
    const [asText, asBytes] = ["header", Buffer.from("header")].map((info) =>
      hkdfSha256(secret("00"), hex(""), info, 32),
    );
    expect(toHex(asText)).toBe(toHex(asBytes));
  });

  it("refuses more than 255 blocks", () => {
    expect(() => hkdfSha256(secret("00"), hex(""), "", 8161)).toThrow();
    expect(hkdfSha256(secret("00"), hex(""), "", 8160).sizeBytes).toBe(8160);
  });
});

describe("scrypt (RFC 7914, section 12: the example of our r and p that takes 16 MiB)", () => {
  it("pleaseletmein, SodiumChloride, N = 2^14", async () => {
    const passphrase = SecretBytes.take(Buffer.from("pleaseletmein"));
    expect(toHex(await scrypt(passphrase, Buffer.from("SodiumChloride"), 14, 64))).toBe(
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" +
        "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
    );
  });
});
