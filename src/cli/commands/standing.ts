import { EvsealError } from "../../errors.js";
import type { Card } from "../../keys/card.js";
import { Contacts } from "../../keys/contacts.js";
import { Home } from "../../keys/home.js";
import { count } from "../amounts.js";
import { warnOfExpiry } from "../expiry.js";
import { ownCard } from "../trusted-signers.js";
import type { Session } from "../session.js";

/**
 * Where this unit stands and the one next command, for who typed `evseal` alone. The answer is a USAGE error: to a
 * script whose command got lost, exit code 0 would say that something was done.
 */
export async function standing(session: Session): Promise<EvsealError> {
  const home = Home.at(session.homePath);
  const own = await ownCard(home);
  const contacts = (await Contacts.load(home)).list();
  const answer = new EvsealError("USAGE", "no command was given", { hint: "evseal --help shows the commands" });
  if (session.ui.speaksJson) return answer; // nothing beside the one document
  session.ui.note(own === undefined ? "this unit has no keys yet" : hasKeys(own, contacts.length));
  warnOfExpiry(
    session,
    contacts.map(({ card }) => card),
    own,
  );
  session.ui.next(nextStep(session, own, contacts.length));
  return answer;
}

function hasKeys({ unit }: Card, contacts: number): string {
  return `this unit is ${unit}; it has keys and ${contacts === 0 ? "no contacts yet" : count(contacts, "contact")}`;
}

function nextStep({ canGuide }: Session, own: Card | undefined, contacts: number): string {
  if (own === undefined) return 'evseal keygen --unit "NAME OF YOUR UNIT"';
  if (contacts === 0) return "evseal contacts add CARD, with the card of the unit that you exchange discs with";
  if (canGuide) return "evseal pack, or evseal open for what you were sent: each asks for what it needs";
  return "evseal pack PATH --to UNIT --out DIR, or evseal open PACKAGE --out DIR for what you were sent";
}
