import { parseRecipient, type Recipient } from "../age/recipient.js";
import { EvsealError, type ErrorCode } from "../errors.js";
import { isExpired, type Card } from "../keys/card.js";
import { limits } from "../package/limits.js";

/**
 * The age recipients of `cards`, when a package may be sealed to them: at least one and at most 20, each once, none
 * expired, all of one kind, and not only `own`. Throws USAGE, RECIPIENTS_TOO_MANY, RECIPIENT_TWICE,
 * RECIPIENT_ONLY_SELF, CARD_EXPIRED, RECIPIENTS_MIXED.
 */
export function checkRecipients(cards: readonly Card[], own: Card, at: Date): readonly Recipient[] {
  if (cards.length === 0) throw refusal("USAGE", "there is no recipient", "name the receiving unit with --to");
  if (cards.length > limits.recipients) {
    const message = `there are more than ${limits.recipients} recipients`;
    throw refusal("RECIPIENTS_TOO_MANY", message, "make several packages");
  }
  if (new Set(cards.map(({ recipient }) => recipient)).size < cards.length) {
    throw refusal("RECIPIENT_TWICE", "a recipient is named twice", "name each receiving unit once");
  }
  if (cards.every(({ recipient }) => recipient === own.recipient)) {
    throw refusal("RECIPIENT_ONLY_SELF", "the only recipient is yourself", "name the unit that is to receive it");
  }
  for (const card of [...cards, own]) {
    if (!isExpired(card, at)) continue;
    throw refusal(
      "CARD_EXPIRED",
      `the card of ${card.unit} expired on ${card.expires.slice(0, 10)}`,
      "get a new card from that unit, compare its fingerprint by telephone and add it",
    );
  }
  const recipients = cards.map(({ recipient }) => parseRecipient(recipient));
  if (new Set(recipients.map(({ kind }) => kind)).size > 1) {
    throw refusal(
      "RECIPIENTS_MIXED",
      "some recipients have post-quantum keys and some have classic ones",
      "make one package for each kind: a classic key in it would undo the protection of the other",
    );
  }
  return recipients;
}

function refusal(code: ErrorCode, message: string, hint: string): EvsealError {
  return new EvsealError(code, message, { hint });
}
