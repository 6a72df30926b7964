import { utf8 } from "../bytes.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";
import { decodeBech32 } from "./bech32.js";
import { HybridRecipient, isUsablePublicKey } from "./hybrid.js";
import type { Stanza } from "./stanza.js";
import { isUsablePoint, X25519Recipient } from "./x25519.js";

export type RecipientKind = "mlkem768x25519" | "X25519";

/** A public key that files are sealed to. */
export interface Recipient {
  readonly kind: RecipientKind;
  /** The one spelling of it: "age1pq1…" (1959 characters) or "age1…" (62), lower case. */
  readonly encoded: string;
  wrap(fileKey: SecretBytes): Stanza;
}

/**
 * Reads "age1pq1…" or "age1…". Throws CARD_UNUSABLE, also for a well-formed key that is no key: one that everybody can
 * open, or whose own owner could not.
 */
export function parseRecipient(encoded: string): Recipient {
  const characters = utf8(encoded);
  const publicKey = decodeBech32(HybridRecipient.hrp, characters);
  if (publicKey !== undefined && isUsablePublicKey(publicKey)) return new HybridRecipient(publicKey);
  const point = decodeBech32(X25519Recipient.hrp, characters);
  if (point?.length === 32 && isUsablePoint(point)) return new X25519Recipient(point);
  throw new EvsealError("CARD_UNUSABLE", "the receiving key is not one that a file can be sealed to", {
    hint: "ask the other unit for its card again",
  });
}
