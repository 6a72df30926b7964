import { parseRecipient, type Recipient } from "../age/recipient.js";
import { EvsealError, type ErrorCode } from "../errors.js";
import { foldCase } from "../package/fold-case.js";
import type { Party } from "../package/label.js";
import type { CaseRecord } from "../package/manifest.js";
import type { Card } from "./card.js";
import { fingerprintOf } from "./fingerprint.js";
import type { Policy, RecordPart } from "./policy.js";

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The rules on whom a package is sealed to. Throws POLICY_RECOVERY_MISSING, POLICY_RECIPIENT_REFUSED,
 * POLICY_KEY_CLASSIC, POLICY_KEY_OLD.
 */
export function requireAllowedRecipients(policy: Policy, cards: readonly Card[], at: Date): void {
  const { recoveryRecipient } = policy;
  if (recoveryRecipient !== undefined && !cards.some((card) => isCardOf(card, recoveryRecipient))) {
    throw recoveryMissing(policy, recoveryRecipient, cards);
  }
  for (const card of cards) {
    if (!isAllowedRecipient(policy, card)) {
      const message = `(allowedRecipients) does not allow packages for ${card.unit}, or not for this card of it`;
      throw refusal("POLICY_RECIPIENT_REFUSED", policy, message, "evseal policy shows the units that it allows");
    }
    const advice = `ask ${card.unit} for a card with a post-quantum key, which evseal keygen makes without --classic`;
    requireAllowedKind(policy, parseRecipient(card.recipient).kind, `the classic key of ${card.unit}`, advice);
    requireYoungCard(policy, card, at, `ask ${card.unit} to make new keys, and add their new card`);
  }
}

/** Throws POLICY_KEY_OLD for the unit's own card. */
export function requireYoungOwnCard(policy: Policy, own: Card, at: Date): void {
  requireYoungCard(policy, own, at, "make new keys in a new EVSEAL_HOME, and send your new card to your contacts");
}

/** Throws POLICY_KEY_CLASSIC. */
export function requireAllowedKind(policy: Policy, kind: Recipient["kind"], what: string, advice: string): void {
  if (!policy.requirePostQuantum || kind !== "X25519") return;
  throw refusal("POLICY_KEY_CLASSIC", policy, `(requirePostQuantum) does not allow ${what}`, advice);
}

/** For each part of a record: the refusal where it is missing, what it is called, and its option. */
export const recordWords = {
  case: ["POLICY_CASE_MISSING", "the case reference", "--case"],
  exhibit: ["POLICY_EXHIBIT_MISSING", "an exhibit reference", "--exhibit"],
  officer: ["POLICY_OFFICER_MISSING", "who seals it", "--officer"],
  reason: ["POLICY_REASON_MISSING", "why it is sent", "--reason"],
} as const satisfies Record<RecordPart, readonly [ErrorCode, string, string]>;

/** Throws POLICY_CASE_MISSING, POLICY_EXHIBIT_MISSING, POLICY_OFFICER_MISSING or POLICY_REASON_MISSING. */
export function requireRecord(policy: Policy, record: CaseRecord): void {
  const missing = policy.requireRecord.find((part) => record[part === "exhibit" ? "exhibits" : part] === undefined);
  if (missing === undefined) return;
  const [code, what, option] = recordWords[missing];
  throw refusal(code, policy, `(requireRecord) wants ${what} to be said`, `give ${option}, or the same with --record`);
}

export function isAllowedRecipient({ allowedRecipients, recoveryRecipient }: Policy, card: Card): boolean {
  if (allowedRecipients === undefined) return true;
  const allowed = recoveryRecipient === undefined ? allowedRecipients : [...allowedRecipients, recoveryRecipient];
  return allowed.some((party) => isCardOf(card, party));
}

/** By its fingerprint alone: a name is whatever a card says. */
export function isCardOf(card: Card, { fingerprint }: Party): boolean {
  return fingerprintOf(card).hex === fingerprint;
}

export function isTooOld({ maxKeyAgeDays }: Policy, card: Card, at: Date): boolean {
  return maxKeyAgeDays !== undefined && at.getTime() - Date.parse(card.created) > maxKeyAgeDays * dayMs;
}

function requireYoungCard(policy: Policy, card: Card, at: Date, advice: string): void {
  if (!isTooOld(policy, card, at)) return;
  const days = `${policy.maxKeyAgeDays ?? 0} days`;
  const message = `(maxKeyAgeDays) does not allow the key of ${card.unit}: it was made on ${card.created.slice(0, 10)}, more than ${days} ago`;
  throw refusal("POLICY_KEY_OLD", policy, message, advice);
}

function recoveryMissing(policy: Policy, { unit }: Party, cards: readonly Card[]): EvsealError {
  const code = "POLICY_RECOVERY_MISSING";
  if (cards.some((card) => foldCase(card.unit) === foldCase(unit))) {
    const message = `(recoveryRecipient) means another card of ${unit} than the one among your contacts`;
    return refusal(code, policy, message, "do not seal to it until it is known which of the two is right");
  }
  const message = `(recoveryRecipient) wants every package to be sealed to ${unit} as well`;
  return refusal(code, policy, message, `add --to "${unit}"; its card must be among your contacts`);
}

/** Says which rule, what to do, and who decides. */
function refusal(code: ErrorCode, { whoToAsk }: Policy, message: string, advice: string): EvsealError {
  const asked = whoToAsk ?? "whoever keeps your unit's policy";
  return new EvsealError(code, `your unit's policy ${message}`, { hint: `${advice}; about exceptions ask ${asked}` });
}
