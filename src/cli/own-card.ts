import { parseRecipient } from "../age/recipient.js";
import type { Card } from "../keys/card.js";
import { fingerprintOf } from "../keys/fingerprint.js";
import { warnOfExpiry } from "./expiry.js";
import type { OwnCardDocument } from "./json-documents.js";
import { expiryRow, fingerprintRows, keyKindRow } from "./rows.js";
import type { Session } from "./session.js";
import type { Row } from "./ui.js";

/** Shows the own card: what `keygen` and `card` print. */
export function showOwnCard(session: Session, card: Card, moreRows: readonly Row[] = []): void {
  const { unit, recipient, signingKey } = card;
  const fingerprint = fingerprintOf(card);
  const { hex, words } = fingerprint;
  const home = session.homePath;
  const document: OwnCardDocument = { unit, fingerprint: hex, words, recipient, signingKey, home };
  session.ui.result(document, [
    ["unit", unit],
    ...fingerprintRows(fingerprint),
    keyKindRow(parseRecipient(recipient).kind),
    ["recipient", recipient.length < 80 ? recipient : `${recipient.slice(0, 30)}… (whole in --json and in the card)`],
    ["signing key", signingKey],
    expiryRow(card, session.clock()),
    ["home", home],
    ...moreRows,
  ]);
  warnOfExpiry(session, [], card);
}
