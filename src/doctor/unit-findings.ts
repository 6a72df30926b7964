import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { Contacts } from "../keys/contacts.js";
import { expiryRemark } from "../keys/expiry-remark.js";
import type { Home } from "../keys/home.js";
import { findPolicy } from "../keys/policy.js";
import { isCardOf, isTooOld } from "../keys/policy-rules.js";
import { loadCard } from "../keys/unit-keys.js";
import { Check, type Finding } from "./finding.js";

/** What is public of a unit, as far as it can be read. */
export interface UnitCards {
  readonly own?: Card;
  readonly contacts: readonly Card[];
}

const ownCard = new Check("own card", "unit");
const contacts = new Check("contacts", "unit");
const policy = new Check("policy", "unit");

/** The cards that this unit lives by, with what is wrong with them. */
export async function cardFindings(
  home: Home,
  at: Date,
): Promise<{ readonly cards: UnitCards; readonly findings: readonly Finding[] }> {
  const own = await orFinding(ownCard, async () => await loadCard(home));
  const known = await orFinding(contacts, async () => (await Contacts.load(home)).list().map(({ card }) => card));
  return {
    cards: { ...(own.value !== undefined && { own: own.value }), contacts: known.value ?? [] },
    findings: [
      own.finding ?? ownCardFinding(own.value, at),
      known.finding ?? contactsFinding(known.value ?? [], at),
    ].filter((finding) => finding !== undefined),
  };
}

function ownCardFinding(card: Card | undefined, at: Date): Finding | undefined {
  if (card === undefined) return undefined;
  const remark = expiryRemark(card, at);
  const [day, hint] = [card.expires.slice(0, 10), "make new keys and send your new card to everybody"];
  if (remark === undefined) return ownCard.ok(`your card holds until ${day}`);
  if (remark === "has expired") return ownCard.failed(`your card expired on ${day}`, hint);
  return ownCard.warning(`your card expires on ${day}, ${remark}`, hint);
}

function contactsFinding(cards: readonly Card[], at: Date): Finding {
  const remarks = cards.map((card) => expiryRemark(card, at)).filter((remark) => remark !== undefined);
  const amount = `${cards.length} contact${cards.length === 1 ? "" : "s"}, whole and without contradiction`;
  if (remarks.length === 0) return contacts.ok(cards.length === 0 ? "no contacts yet" : amount);
  const expired = remarks.filter((remark) => remark === "has expired").length;
  return contacts.warning(
    `${amount}; expired: ${expired}, soon to expire: ${remarks.length - expired}`,
    "evseal contacts list shows which; ask these units for new cards",
  );
}

/** What keeps evseal from working as the unit's policy wants it. */
export async function policyFinding(home: Home, { own, contacts }: UnitCards, at: Date): Promise<Finding> {
  const found = await orFinding(policy, async () => await findPolicy(home));
  if (found.finding !== undefined) return found.finding;
  const rules = found.value;
  if (rules === undefined) return policy.ok("there is no policy.json: evseal's own rules hold");
  const { recoveryRecipient } = rules;
  if (recoveryRecipient !== undefined && !contacts.some((card) => isCardOf(card, recoveryRecipient))) {
    return policy.failed(
      "the recovery unit's card is not among your contacts: nothing can be sealed",
      "evseal policy says which unit it is; add its card with evseal contacts add",
    );
  }
  if (own !== undefined && isTooOld(rules, own, at)) {
    return policy.failed("your keys are older than the policy allows", "make new keys and send your new card");
  }
  return policy.ok("policy.json can be read and kept; evseal policy says what it demands");
}

/** A value, or a finding in the words of what it is refused with; a unit without keys is neither. */
async function orFinding<T>(
  check: Check,
  load: () => Promise<T>,
): Promise<{ readonly value?: T; readonly finding?: Finding }> {
  try {
    return { value: await load() };
  } catch (error) {
    if (!(error instanceof EvsealError)) throw error;
    if (error.code === "KEYS_MISSING") return {};
    return { finding: check.failed(error.message, error.hint) };
  }
}
