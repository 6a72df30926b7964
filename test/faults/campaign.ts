import { appendFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { expect } from "vitest";

/** The whole of every campaign (`npm run test:faults`), or the slice of it that belongs to all other tests. */
export const whole = process.env["EVSEAL_FAULTS"] === "all";

/** How long a campaign may take. */
export const timeLimitMs = whole ? 4 * 3_600_000 : 120_000;

/** `amount` of `cases`, evenly spread; all of them where the whole campaign is run. */
export function slice<Case>(cases: readonly Case[], amount: number): readonly Case[] {
  if (whole || cases.length <= amount) return cases;
  return Array.from({ length: amount }, (_, index) => cases[Math.floor((index * cases.length) / amount)] as Case);
}

/** What came of a campaign that began at `started` (milliseconds since 1970). */
export interface Outcome {
  readonly name: string;
  readonly runs: number;
  readonly violations: readonly string[];
  readonly started: number;
}

/** Appends a line to the file EVSEAL_FAULTS_TABLE, for the table at the end. */
export function record({ started, ...outcome }: Outcome): void {
  const table = process.env["EVSEAL_FAULTS_TABLE"];
  if (table) appendFileSync(table, `${JSON.stringify({ ...outcome, tookMs: Date.now() - started })}\n`);
}

/** Runs every case, a few at once, and fails with all violations together. `run` gives them in words; a throw is one. */
export async function campaign<Case>(
  name: string,
  cases: readonly Case[],
  describe: (each: Case) => string,
  run: (each: Case) => Promise<readonly string[]>,
): Promise<void> {
  const started = Date.now();
  const violations: string[] = [];
  const waiting = cases.values();
  const worker = async (): Promise<void> => {
    for (const each of waiting) {
      const found = await run(each).catch((error: unknown) => [`the run itself failed: ${String(error)}`]);
      violations.push(...found.map((violation) => `${describe(each)}: ${violation}`));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  record({ name, runs: cases.length, violations, started });
  expect(cases.length, `runs of ${name}`).toBeGreaterThan(0);
  expect(violations, name).toEqual([]);
}
