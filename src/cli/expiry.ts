import type { Card } from "../keys/card.js";
import { expiryRemark } from "../keys/expiry-remark.js";
import type { Session } from "./session.js";

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
