import { findLeftovers, type Leftover } from "../output/leftovers.js";
import { count } from "./amounts.js";
import type { Session } from "./session.js";

/** What may be inside, as a person would say it. */
export const leftoverContent = {
  sealed: "sealed files of a package that was never finished",
  clear: "evidence in the clear",
  card: "part of a card",
} as const satisfies Record<Leftover["kind"], string>;

/**
 * Says that earlier runs were cut off and left something in the output folder. An output folder that cannot be read is
 * the work's own business.
 */
export async function noteLeftovers({ ui }: Session, outDir: string): Promise<void> {
  const found = await findLeftovers(outDir).catch(() => []);
  for (const { kind, seal } of found.filter(({ kept }) => kept !== "in use")) {
    ui.warn(`an interrupted run has left a hidden folder of ${seal ?? ""}: it may hold ${leftoverContent[kind]}`);
  }
  const amount = found.filter(({ kept }) => kept !== "in use").length;
  if (amount > 0)
    ui.note(`${count(amount, "leftover")}: evseal clean, and the output folder's name, removes what is left`);
}
