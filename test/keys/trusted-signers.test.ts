import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../src/keys/fingerprint.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { documentedPublicKey } from "../minisign/made-by-minisign.js";
import { newCard } from "./units.js";

const gmp = newCard({ unit: "GMP" });
const scas = newCard({ unit: "SCAS" });
const bareKey = MinisignPublicKey.parse(documentedPublicKey.encoded);
const keyIdOf = (encoded: string): Uint8Array => MinisignPublicKey.parse(encoded).keyId;

describe("trusted signers", () => {
  it("are found by their key and by its id, under the name on their card", () => {
    const trusted = TrustedSigners.of([gmp, scas]);
    const expected = { unit: "SCAS", fingerprint: fingerprintOf(scas).hex, expires: scas.expires };
    expect(trusted.find(scas.signingKey)).toMatchObject(expected);
    expect(trusted.findByKeyId(keyIdOf(scas.signingKey))).toMatchObject(expected);
    expect(trusted.find(scas.signingKey)?.key.encoded).toBe(scas.signingKey);
  });

  it("are nobody else", () => {
    const trusted = TrustedSigners.of([gmp]);
    expect(trusted.find(scas.signingKey)).toBeUndefined();
    expect(trusted.findByKeyId(keyIdOf(scas.signingKey))).toBeUndefined();
    expect(TrustedSigners.of([]).find(gmp.signingKey)).toBeUndefined();
  });

  it("are one more with a card or a key, without changing those before", () => {
    const before = TrustedSigners.of([gmp]);
    const after = before.withCard(scas).withKey(bareKey);
    expect(after.find(scas.signingKey)?.unit).toBe("SCAS");
    expect(after.find(gmp.signingKey)?.unit).toBe("GMP");
    expect(before.find(scas.signingKey)).toBeUndefined();
  });

  it("have the name minisign shows, no fingerprint and no end, when only a key was named", () => {
    const signer = TrustedSigners.of([]).withKey(bareKey).find(bareKey.encoded);
    expect(signer).toMatchObject({ unit: "minisign key E7620F1842B4E81F", fingerprint: undefined, expires: undefined });
    expect(signer?.key.encoded).toBe(bareKey.encoded);
  });

  it("keep the name and the end of their card when the key is named as well", () => {
    const trusted = TrustedSigners.of([gmp]).withKey(MinisignPublicKey.parse(gmp.signingKey));
    expect(trusted.find(gmp.signingKey)).toMatchObject({ unit: "GMP", expires: gmp.expires });
  });

  it("go by the card that was named last", () => {
    const renewed = { ...gmp, expires: "2031-01-01T00:00:00Z" };
    const trusted = TrustedSigners.of([gmp]).withCard(renewed);
    expect(trusted.find(gmp.signingKey)?.expires).toBe(renewed.expires);
  });

  it("are not found by a key that only has the id of theirs", () => {
    const other = MinisignPublicKey.of(keyIdOf(gmp.signingKey), bareKey.key);
    expect(TrustedSigners.of([gmp]).find(other.encoded)).toBeUndefined();
  });
});
