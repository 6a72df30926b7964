import { generateIdentity } from "../../src/age/identity.js";
import { utf8 } from "../../src/bytes.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import type { Card } from "../../src/keys/card.js";
import { generateSigningKey } from "../../src/minisign/signing-key.js";

export const now = new Date("2026-11-23T22:10:05Z");
export const later = new Date("2028-11-23T22:10:05Z");

/** A card with new keys, some of its members as given. */
export function newCard(members: Partial<Card> = {}): Card {
  return {
    format: "evseal/card/v1",
    unit: "GMP Interview Unit",
    recipient: generateIdentity("X25519").recipient.encoded,
    signingKey: generateSigningKey().publicKey.encoded,
    created: "2026-11-23T22:10:05Z",
    expires: "2028-11-23T22:10:05Z",
    ...members,
  };
}

export function secret(text: string): SecretBytes {
  return SecretBytes.take(utf8(text));
}

export function neverAsked(): never {
  throw new Error("the passphrase was asked for");
}
