import { EvsealError } from "../errors.js";
import { loadCard } from "../keys/unit-keys.js";
import { Contacts } from "../keys/contacts.js";
import type { Card } from "../keys/card.js";
import type { Home } from "../keys/home.js";
import { TrustedSigners } from "../keys/trusted-signers.js";

/** The signers that this unit believes: its contacts, and itself where it has keys. */
export async function loadTrustedSigners(home: Home): Promise<TrustedSigners> {
  const contacts = await Contacts.load(home);
  const own = await ownCard(home);
  return TrustedSigners.of([...contacts.list().map(({ card }) => card), ...(own === undefined ? [] : [own])]);
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
