import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { x25519, x25519PublicKey } from "../../src/crypto/sodium.js";
import { hex, secret, toHex } from "./hex.js";

describe("X25519 (RFC 7748)", () => {
  it.each([
    [
      "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    ],
    [
      "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    ],
  ])("section 5.2: %s", (scalar, point, shared) => {
    expect(toHex(x25519(secret(scalar), hex(point)))).toBe(shared);
  });

  it("section 5.2: a thousand times over", () => {
    let scalar = hex("0900000000000000000000000000000000000000000000000000000000000000");
    let point = scalar;
    for (let round = 0; round < 1000; round++) {
      const result = x25519(SecretBytes.copyOf(scalar), point)?.expose() ?? new Uint8Array(0);
      point = scalar;
      scalar = Uint8Array.from(result);
      if (round === 0) {
        expect(toHex(scalar)).toBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
      }
    }
    expect(toHex(scalar)).toBe("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  });

  it("section 6.1: both sides come to the same", () => {
    const alice = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const bob = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    expect(toHex(x25519PublicKey(alice))).toBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(toHex(x25519PublicKey(bob))).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    expect(toHex(x25519(alice, x25519PublicKey(bob)))).toBe(shared);
    expect(toHex(x25519(bob, x25519PublicKey(alice)))).toBe(shared);
  });
});

describe("X25519 at its edges", () => {
  const scalar = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");

  it.each([
    ["0", "0000000000000000000000000000000000000000000000000000000000000000"],
    ["1", "0100000000000000000000000000000000000000000000000000000000000000"],
    ["a point of order 8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"],
    ["the other point of order 8", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"],
    ["p - 1, of order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["p, another spelling of 0", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["p + 1, another spelling of 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["0 with the bit that does not count", "0000000000000000000000000000000000000000000000000000000000000080"],
    ["p + 1 with the bit that does not count", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
  ])("gives no secret for %s", (_what, point) => {
    expect(x25519(scalar, hex(point))).toBeUndefined();
    expect(x25519(secret("00".repeat(32)), hex(point))).toBeUndefined();
  });

  it("takes every spelling of a point for the same point, as RFC 7748 wants it", () => {
    const nine = x25519(scalar, hex("09".padEnd(64, "0")));
    expect(toHex(nine)).toBe(toHex(x25519PublicKey(scalar)));
    expect(toHex(x25519(scalar, hex("09".padEnd(62, "0") + "80")))).toBe(toHex(nine));
    expect(toHex(x25519(scalar, hex("f6" + "ff".repeat(30) + "7f")))).toBe(toHex(nine)); // 9 + p
  });

  it("clamps the scalar: bits that are set or cleared anyway do not count", () => {
    const [one, other] = ["40".padStart(64, "0"), "07" + "00".repeat(30) + "c0"];
    expect(toHex(x25519PublicKey(secret(one)))).toBe(toHex(x25519PublicKey(secret(other))));
  });

  it.each([31, 33, 0])("takes nothing of %i bytes", (size) => {
    const wrong = new Uint8Array(size);
    expect(() => x25519(scalar, wrong)).toThrow(/must be 32 bytes/);
    expect(() => x25519(SecretBytes.take(wrong), hex("09".padEnd(64, "0")))).toThrow(/must be 32 bytes/);
    expect(() => x25519PublicKey(SecretBytes.take(wrong))).toThrow(/must be 32 bytes/);
  });
});
