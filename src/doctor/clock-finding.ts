import type { Card } from "../keys/card.js";
import { Check, type Finding } from "./finding.js";
import { madeOn } from "../version.js";

const clock = new Check("clock", "unit");
const dayMs = 24 * 60 * 60 * 1000;
const farDays = 5 * 365;
const hint = "compare it with a clock that you trust, and set it: it dates every seal, and decides which cards hold";

/**
 * Offline, a clock can be contradicted and not proven: it is wrong where it is before the day this version was made, or
 * before the day on which a card that is known here was made (a day less: another unit's clock may be a little fast).
 */
export function clockFinding(at: Date, cards: readonly Card[]): Finding {
  const newest = cards.map(({ created }) => Date.parse(created)).reduce((a, b) => Math.max(a, b), Date.parse(madeOn));
  const says = `it says ${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const known = `${new Date(newest).toISOString().slice(0, 10)}, the day of the newest thing known here`;
  if (at.getTime() < newest - dayMs) return clock.failed(`the clock is wrong: ${says}, before ${known}`, hint);
  if (at.getTime() > newest + farDays * dayMs)
    return clock.warning(`the clock may be wrong: ${says}, years after ${known}`, hint);
  return clock.ok(`nothing here contradicts the clock: ${says}; whether that is right cannot be told without another`);
}
