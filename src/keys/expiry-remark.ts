import { isExpired, type Card } from "./card.js";

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
