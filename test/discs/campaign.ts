import { expect } from "vitest";
import { record } from "../faults/campaign.js";
import { randomFrom as numbersFrom } from "../fuzz/random.js";

/** The full counts (`npm run test:discs`), or the slice of them that belongs to all other tests. */
export const whole = process.env["EVSEAL_DISCS"] === "all";

export const timeLimitMs = whole ? 3_600_000 : 120_000;

/** What came of one run. */
export interface Run {
  readonly violations: readonly string[];
  /** Whether all of the evidence was there in the end. */
  readonly survived: boolean;
}

/** Runs every case, one after the other, and puts how many of them survived into the table that people read. */
export async function damageCampaign<Case>(
  name: string,
  cases: readonly Case[],
  run: (each: Case, index: number) => Promise<Run>,
): Promise<number> {
  const started = Date.now();
  const violations: string[] = [];
  let survived = 0;
  for (const [index, each] of cases.entries()) {
    const ended = await run(each, index);
    violations.push(...ended.violations.map((violation) => `run ${index}: ${violation}`));
    if (ended.survived) survived += 1;
  }
  record({ name, runs: cases.length, violations, result: `${survived} of ${cases.length} survive`, started });
  expect(cases.length, `runs of ${name}`).toBeGreaterThan(0);
  expect(violations, name).toEqual([]);
  return survived;
}

/** Numbers from 0 to under 1 that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  const numbers = numbersFrom(seed);
  return () => numbers.below(2 ** 32) / 2 ** 32;
}
