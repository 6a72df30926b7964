import { isExpired, type Card } from "../keys/card.js";
import type { Session } from "./session.js";

/** Making new keys, sending the card and ringing everybody takes weeks: two months before, it is time to begin. */
const soonDays = 60;
const dayMs = 24 * 60 * 60 * 1000;

/** `has expired`, `in 12 days` when that is soon, or nothing to say. */
export function expiryRemark(card: Card, at: Date): string | undefined {
  if (isExpired(card, at)) return "has expired";
  const days = Math.floor((Date.parse(card.expires) - at.getTime()) / dayMs);
  if (days >= soonDays) return undefined;
  return days === 0 ? "within a day" : `in ${days} day${days === 1 ? "" : "s"}`;
}

/** Says of each card of other units, and of the own one, that it has expired or soon will. */
export function warnOfExpiry({ ui, clock }: Session, others: readonly Card[], own?: Card): void {
  for (const card of others) {
    const remark = expiryRemark(card, clock());
    if (remark !== undefined)
      ui.warn(`${sentence(`the card of ${card.unit}`, card, remark)}: ask that unit for a new one`);
  }
  if (own === undefined) return;
  const remark = expiryRemark(own, clock());
  if (remark === undefined) return;
  ui.warn(`${sentence("your own card", own, remark)}: make new keys and send your new card in good time`);
}

function sentence(whose: string, { expires }: Card, remark: string): string {
  const day = expires.slice(0, 10);
  return remark === "has expired" ? `${whose} expired on ${day}` : `${whose} expires on ${day}, ${remark}`;
}
