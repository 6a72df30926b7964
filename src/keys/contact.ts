import { equal } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { foldCase } from "../package/fold-case.js";
import { MinisignPublicKey } from "../minisign/public-key.js";
import type { Card } from "./card.js";
import { fingerprintOf, type Fingerprint } from "./fingerprint.js";

/** A unit whose card's fingerprint was confirmed. */
export interface Contact {
  readonly card: Card;
  readonly fingerprint: Fingerprint;
}

export function contactOf(card: Card): Contact {
  return { card, fingerprint: fingerprintOf(card) };
}

/** The first 128 bits of the fingerprint: an altered card is noticed by its name. */
export function contactFileName({ fingerprint }: Contact): string {
  return `${fingerprint.hex.slice(0, 32)}.card.json`;
}

/**
 * Refuses a second card for a unit, however its name is spelled, and a key that another unit's card has as well: who
 * opened or signed something could then not be told apart. Throws CONTACT_CHANGED with both fingerprints.
 */
export function refuseConflict(known: Contact, added: Contact): void {
  const fingerprints = `known: ${known.fingerprint.grouped}; new: ${added.fingerprint.grouped}`;
  if (foldCase(known.card.unit) === foldCase(added.card.unit)) {
    throw new EvsealError("CONTACT_CHANGED", `another card of ${known.card.unit} is known already (${fingerprints})`, {
      hint: "ring the unit on a number you had before; if they made new keys, remove the old contact and add the new card",
    });
  }
  if (!haveKeyInCommon(known.card, added.card)) return;
  throw new EvsealError(
    "CONTACT_CHANGED",
    `the card of ${added.card.unit} has a key that ${known.card.unit} has as well (${fingerprints})`,
    { hint: "ring both units: if one has taken the other's place, remove the old contact and add the new card" },
  );
}

export function haveKeyInCommon(a: Card, b: Card): boolean {
  // Of the signing key the id alone decides: a signature's signer is looked up by it.
  const sameKeyId = equal(MinisignPublicKey.parse(a.signingKey).keyId, MinisignPublicKey.parse(b.signingKey).keyId);
  return sameKeyId || a.recipient === b.recipient;
}
