import { parseRecipient } from "../../age/recipient.js";
import { isExpired, parseCard, type Card } from "../../keys/card.js";
import { Contacts, refuseOwnCard, type Contact } from "../../keys/contacts.js";
import { fingerprintOf, matchesFingerprint, slipIn } from "../../keys/fingerprint.js";
import { Home } from "../../keys/home.js";
import { mustAsk } from "../answers.js";
import { warnOfExpiry } from "../expiry.js";
import { count } from "../amounts.js";
import { readCardFile } from "../card-file.js";
import type { ContactDocument, ContactsDocument } from "../json-documents.js";
import { ownCard } from "../trusted-signers.js";
import { expiryRow, fingerprintRows, keyKindRow } from "../rows.js";
import type { Session } from "../session.js";
import type { Row } from "../ui.js";

export interface AddContactOptions {
  readonly fingerprint?: string;
}

export async function addContact(session: Session, path: string, { fingerprint }: AddContactOptions): Promise<void> {
  const card = parseCard(await readCardFile(session, path));
  const home = Home.at(session.homePath);
  await refuseOwnCard(home, card); // before anybody is rung for nothing
  const contacts = await Contacts.load(home);
  const typed = fingerprint ?? (await askForFingerprint(session, card, await ownCard(home)));
  const contact = await contacts.add(card, typed, session.clock());
  showContactResult(session, contact);
  session.ui.note("this unit is now trusted: you can seal to it, and its signatures are believed");
}

export async function listContacts(session: Session): Promise<void> {
  const contacts = (await Contacts.load(Home.at(session.homePath))).list();
  const cards = contacts.map(({ card }) => card);
  const rows = contacts.flatMap((contact): Row[] => ["", ...contactRows(contact, session)]).slice(1);
  const document: ContactsDocument = { contacts: contacts.map(contactDocument) };
  session.ui.result(document, rows);
  warnOfExpiry(session, cards);
  session.ui.note(contacts.length === 0 ? "no contacts yet: evseal contacts add" : count(contacts.length, "contact"));
}

export async function showContact(session: Session, nameOrFingerprint: string): Promise<void> {
  const contacts = await Contacts.load(Home.at(session.homePath));
  showContactResult(session, contacts.find(nameOrFingerprint));
}

export async function removeContact(session: Session, nameOrFingerprint: string): Promise<void> {
  const contacts = await Contacts.load(Home.at(session.homePath));
  showContactResult(session, await contacts.remove(nameOrFingerprint));
  session.ui.note("this unit is trusted no longer");
}

const tries = 3;

/**
 * The card's own fingerprint is not shown before: whoever sees it types it off the screen and proves nothing, whoever
 * has to ring the unit finds out that a card was swapped on its way. A slip is asked about again, as often as `tries`
 * allows; a whole fingerprint is taken at its word, whatever it is.
 */
async function askForFingerprint(session: Session, card: Card, own: Card | undefined): Promise<string> {
  mustAsk(session, "contacts add", [["--fingerprint <hex-or-words>", undefined]]);
  const { ui, signal, clock } = session;
  ui.note(`the card says that it belongs to ${card.unit}`);
  ui.note(`the card ${isExpired(card, clock()) ? "expired" : "expires"} on ${card.expires.slice(0, 10)}`);
  ui.note("ring that unit on a number that did not come with the card, and type what they read to you");
  ui.note("they see it with evseal card, in the lines named words");
  const { askLine } = await import("../prompts.js"); // inquirer is slow to load, and few commands ask
  for (let left = tries - 1; ; left -= 1) {
    const typed = await askLine("twelve words or sixteen groups:", signal);
    const isOwn = own !== undefined && matchesFingerprint(fingerprintOf(own), typed);
    const slip = isOwn ? "these are your own unit's: type what they read to you" : slipIn(typed);
    if (slip === undefined || left === 0) return typed;
    ui.warn(slip);
  }
}

function showContactResult(session: Session, contact: Contact): void {
  session.ui.result(contactDocument(contact), contactRows(contact, session));
}

function contactDocument({ card, fingerprint }: Contact): ContactDocument {
  const recipientType = parseRecipient(card.recipient).kind;
  return { unit: card.unit, fingerprint: fingerprint.hex, recipientType, expires: card.expires };
}

function contactRows({ card, fingerprint }: Contact, { clock }: Session): readonly Row[] {
  return [
    ["unit", card.unit],
    ...fingerprintRows(fingerprint),
    keyKindRow(parseRecipient(card.recipient).kind),
    expiryRow(card, clock()),
  ];
}
