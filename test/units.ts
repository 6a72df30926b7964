import { generateIdentity, type Identity } from "../src/age/identity.js";
import type { RecipientKind } from "../src/age/recipient.js";
import type { Card } from "../src/keys/card.js";
import { fingerprintOf } from "../src/keys/fingerprint.js";
import { generateSigningKey, type SigningKey } from "../src/minisign/signing-key.js";
import type { Party } from "../src/package/label.js";

/** A unit with its keys in memory. */
export interface Unit {
  readonly card: Card;
  readonly identity: Identity;
  readonly signingKey: SigningKey;
}

export function makeUnit(unit: string, kind: RecipientKind = "mlkem768x25519", expires = "2030-01-01T00:00:00Z"): Unit {
  const identity = generateIdentity(kind);
  const signingKey = generateSigningKey();
  const card: Card = {
    format: "evseal/card/v1",
    unit,
    recipient: identity.recipient.encoded,
    signingKey: signingKey.publicKey.encoded,
    created: "2026-01-01T00:00:00Z",
    expires,
  };
  return { card, identity, signingKey };
}

export function partyOf({ card }: Unit): Party {
  return { unit: card.unit, fingerprint: fingerprintOf(card).hex };
}
