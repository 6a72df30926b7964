import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import { isPartialFile, makeHomeFolder, removeFile, writePublicFile } from "../output/home-files.js";
import { cardCapBytes, encodeCard, isExpired, parseCard, type Card } from "./card.js";
import { foldCase } from "../package/fold-case.js";
import { contactFileName, contactOf, haveKeyInCommon, refuseConflict, type Contact } from "./contact.js";
import { matchesFingerprint, slipIn } from "./fingerprint.js";
import type { Home } from "./home.js";
import { readSmallFile } from "./small-file.js";
import { loadCard } from "./unit-keys.js";

export type { Contact };

/**
 * The units this one trusts, a file for each. There is no trust on first use: a card comes in only together with its
 * fingerprint from elsewhere, and never in the place of another.
 */
export class Contacts {
  readonly #home: Home;
  #contacts: readonly Contact[];

  private constructor(home: Home, contacts: readonly Contact[]) {
    this.#home = home;
    this.#contacts = contacts;
  }

  /** Throws CARD_UNUSABLE for a file that is no contact or was altered, CONTACT_CHANGED where two contradict. */
  static async load(home: Home): Promise<Contacts> {
    const contacts: Contact[] = [];
    for (const name of await fileNames(home)) {
      const contact = await readContact(join(home.contacts, name), name);
      for (const known of contacts) refuseConflict(known, contact);
      contacts.push(contact);
    }
    return new Contacts(home, contacts);
  }

  /** In the order of their unit names. */
  list(): readonly Contact[] {
    return this.#contacts.toSorted((a, b) => (foldCase(a.card.unit) < foldCase(b.card.unit) ? -1 : 1));
  }

  /** By a whole fingerprint, in hex or words, or by unit name. Throws CONTACT_UNKNOWN. */
  find(nameOrFingerprint: string): Contact {
    const name = foldCase(nameOrFingerprint.trim());
    // The fingerprint first: nobody can choose theirs, while a unit name might be made to look like one.
    const found =
      this.#contacts.find(({ fingerprint }) => matchesFingerprint(fingerprint, nameOrFingerprint)) ??
      this.#contacts.find(({ card }) => foldCase(card.unit) === name);
    if (found !== undefined) return found;
    throw new EvsealError("CONTACT_UNKNOWN", "there is no such contact", {
      hint: "evseal contacts list shows them; evseal contacts add takes in a unit's card",
      subject: nameOrFingerprint,
    });
  }

  /**
   * Takes in a card whose fingerprint was typed as the unit itself gave it; one that is in already is no failure.
   * Throws CARD_IS_OWN, FINGERPRINT_DIFFERS, CARD_EXPIRED, CARD_UNUSABLE, CONTACT_CHANGED when the unit or one of the keys is known
   * from another card, OUTPUT_NO_SPACE, OUTPUT_FAILED.
   */
  async add(card: Card, typedFingerprint: string, at = new Date()): Promise<Contact> {
    const contact = contactOf(card);
    await refuseOwnCard(this.#home, card);
    if (!matchesFingerprint(contact.fingerprint, typedFingerprint)) throw fingerprintDiffers(typedFingerprint);
    if (isExpired(card, at)) {
      throw new EvsealError("CARD_EXPIRED", `the card of ${card.unit} expired on ${card.expires.slice(0, 10)}`, {
        hint: "ask the unit for its current card",
      });
    }
    const known = this.#contacts.find(({ fingerprint }) => fingerprint.hex === contact.fingerprint.hex);
    if (known !== undefined) return known;
    for (const other of this.#contacts) refuseConflict(other, contact);
    await makeHomeFolder(this.#home.contacts);
    await writePublicFile(this.#pathOf(contact), encodeCard(card));
    this.#contacts = [...this.#contacts, contact];
    return contact;
  }

  /** Returns the contact that is no longer one. Throws CONTACT_UNKNOWN, OUTPUT_FAILED. */
  async remove(nameOrFingerprint: string): Promise<Contact> {
    const contact = this.find(nameOrFingerprint);
    await removeFile(this.#pathOf(contact));
    this.#contacts = this.#contacts.filter((other) => other !== contact);
    return contact;
  }

  #pathOf(contact: Contact): string {
    return join(this.#home.contacts, contactFileName(contact));
  }
}

/** Throws CARD_IS_OWN for the unit's own card, or another with one of its keys: nobody rings themselves. */
export async function refuseOwnCard(home: Home, card: Card): Promise<void> {
  const own = await loadCard(home).catch((error: unknown) => {
    if (error instanceof EvsealError && error.code === "KEYS_MISSING") return undefined;
    throw error;
  });
  if (own === undefined || !haveKeyInCommon(own, card)) return;
  throw new EvsealError("CARD_IS_OWN", "this is the card of your own unit, which needs no contact", {
    hint: "send it to the other unit, and add the card that they send you",
  });
}

async function fileNames({ contacts }: Home): Promise<readonly string[]> {
  try {
    return (await readdir(contacts)).filter((name) => !isPartialFile(name)).sort();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw new EvsealError("CARD_UNUSABLE", "the folder of contacts cannot be read", {
      hint: "check that you may read the folder named contacts in the home folder",
      cause,
    });
  }
}

async function readContact(path: string, name: string): Promise<Contact> {
  const unusable = (complaint: string, cause?: unknown): EvsealError =>
    new EvsealError("CARD_UNUSABLE", `a file among the contacts ${complaint}`, {
      hint: "take that file out of the folder named contacts, and add the unit's card again",
      subject: name,
      cause,
    });
  const { bytes } = await readSmallFile(path, cardCapBytes, unusable);
  try {
    const contact = contactOf(parseCard(bytes));
    if (contactFileName(contact) === name) return contact;
  } catch (cause) {
    throw unusable("is not a card", cause);
  }
  throw unusable("was altered after it was confirmed");
}

function fingerprintDiffers(typed: string): EvsealError {
  if (slipIn(typed) !== undefined) {
    return new EvsealError("FINGERPRINT_DIFFERS", "what was typed is not a whole fingerprint, or has a slip in it", {
      hint: "have the unit read it again: all twelve words, or all 64 letters and digits",
    });
  }
  return new EvsealError("FINGERPRINT_DIFFERS", "the fingerprint is not the one of this card", {
    hint: "do not use this card: ask the unit to send it again another way, and tell them that this one was not theirs",
  });
}
