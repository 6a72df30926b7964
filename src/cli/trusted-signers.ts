import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { Contacts } from "../keys/contacts.js";
import { matchesFingerprint, fingerprintOf } from "../keys/fingerprint.js";
import type { Home } from "../keys/home.js";
import { TrustedSigners } from "../keys/trusted-signers.js";
import { loadCard } from "../keys/unit-keys.js";
import { foldCase } from "../package/fold-case.js";

/** The units that this one knows: its contacts, and itself where it has keys. */
export interface KnownUnits {
  readonly cards: readonly Card[];
  /** By name or fingerprint, as `--to` finds a contact. Throws CONTACT_UNKNOWN. */
  readonly find: (nameOrFingerprint: string) => Card;
}

export async function loadKnownUnits(home: Home): Promise<KnownUnits> {
  const contacts = await Contacts.load(home);
  const own = await ownCard(home);
  return {
    cards: [...contacts.list().map(({ card }) => card), ...(own === undefined ? [] : [own])],
    find: (named) => (own !== undefined && isNamed(own, named) ? own : contacts.find(named).card),
  };
}

/** The signers that this unit believes. */
export async function loadTrustedSigners(home: Home): Promise<TrustedSigners> {
  return TrustedSigners.of((await loadKnownUnits(home)).cards);
}

function isNamed(card: Card, named: string): boolean {
  return matchesFingerprint(fingerprintOf(card), named) || foldCase(card.unit) === foldCase(named.trim());
}

/** Whoever only verifies need not have keys. */
export async function ownCard(home: Home): Promise<Card | undefined> {
  try {
    return await loadCard(home);
  } catch (error) {
    if (error instanceof EvsealError && error.code === "KEYS_MISSING") return undefined;
    throw error;
  }
}
