import * as z from "zod";
import { parseRecipient } from "../age/recipient.js";
import { EvsealError } from "../errors.js";
import { MinisignPublicKey } from "../minisign/public-key.js";
import { decodeCanonical } from "../package/canonical-json.js";
import { PublicDocument } from "../package/public-document.js";
import { instant, unitName } from "../package/text-field.js";

/** The longest recipient has 1959 characters. */
export const cardCapBytes = 8192;

/** What a unit sends to others, evseal/card/v1: its names for the two keys, and for how long they hold. */
const cardSchema = z
  .strictObject({
    format: z.literal("evseal/card/v1"),
    unit: unitName,
    recipient: z.string().max(4096),
    signingKey: z.string().max(64),
    created: instant,
    expires: instant,
  })
  .refine(({ created, expires }) => created < expires)
  .readonly();

export type Card = z.infer<typeof cardSchema>;

/** Accepts only the one canonical encoding of a card whose keys can be used. Throws CARD_UNUSABLE. */
export function parseCard(bytes: Uint8Array): Card {
  if (bytes.length > cardCapBytes) throw unusable("is too large to be one");
  let card: Card;
  try {
    card = decodeCanonical(bytes, cardSchema);
  } catch (cause) {
    throw unusable("is not one that evseal writes, or was changed since", cause);
  }
  requireUsableKeys(card);
  return card;
}

/** Throws CARD_UNUSABLE for what `parseCard` would refuse. */
export function encodeCard(card: Card): PublicDocument {
  requireUsableKeys(card);
  try {
    return PublicDocument.of(card, cardSchema);
  } catch (cause) {
    throw unusable("would hold a name or a date that is not allowed", cause);
  }
}

export function isExpired(card: Card, at: Date): boolean {
  return at.getTime() >= Date.parse(card.expires);
}

function requireUsableKeys(card: Card): void {
  parseRecipient(card.recipient);
  MinisignPublicKey.parse(card.signingKey);
}

function unusable(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("CARD_UNUSABLE", `the card ${complaint}`, {
    hint: "ask the unit to send its card again, as a file and not as text in a message",
    cause,
  });
}
