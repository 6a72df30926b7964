import { join } from "node:path";
import type { Card } from "../../src/keys/card.js";
import { Contacts } from "../../src/keys/contacts.js";
import { fingerprintOf } from "../../src/keys/fingerprint.js";
import { Home } from "../../src/keys/home.js";
import { temporaryFolder } from "../temporary-folder.js";
import { now } from "./units.js";

/** A home that is not there yet. */
export async function newHome(): Promise<Home> {
  return Home.at(join(await temporaryFolder(), "home"));
}

export const hexOf = (card: Card): string => fingerprintOf(card).hex;
export const fileOf = (home: Home, card: Card): string => join(home.contacts, `${hexOf(card).slice(0, 32)}.card.json`);

/** A home with these contacts in it. */
export async function homeWith(...cards: readonly Card[]): Promise<Home> {
  const home = await newHome();
  const contacts = await Contacts.load(home);
  for (const card of cards) await contacts.add(card, hexOf(card), now);
  return home;
}
