import { appendFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { expect } from "vitest";
import { describeFault, placeOf, type Call, type Fault } from "./shim.js";

/** The whole of every campaign (`npm run test:faults`), or the slice of it that belongs to all other tests. */
export const whole = process.env["EVSEAL_FAULTS"] === "all";

/** How long a campaign may take. */
export const timeLimitMs = whole ? 4 * 3_600_000 : 120_000;

/** `amount` of `cases`, evenly spread; all of them where the whole campaign is run. */
export function slice<Case>(cases: readonly Case[], amount: number): readonly Case[] {
  if (whole || cases.length <= amount) return cases;
  return Array.from({ length: amount }, (_, index) => cases[Math.floor((index * cases.length) / amount)] as Case);
}

/** What came of one run. */
export interface Verdict {
  readonly violations: readonly string[];
  /** Whether the fault happened at all; true where there is none to happen. */
  readonly reached: boolean;
  /** The call that it happened to (`placeOf`). */
  readonly hit?: string | undefined;
}

/** The program works in several threads: how many calls it makes differs from run to run, and the last may be missing. */
const attempts = 3;

/** What came of a campaign that began at `started` (milliseconds since 1970). */
export interface Outcome {
  readonly name: string;
  readonly runs: number;
  /** Runs in which the fault never happened: no pass, and no violation. */
  readonly notReached?: number;
  readonly violations: readonly string[];
  /** What was found out beside, in words. */
  readonly result?: string;
  readonly started: number;
}

/** Appends a line to the file EVSEAL_FAULTS_TABLE, for the table at the end. */
export function record({ started, ...outcome }: Outcome): void {
  const table = process.env["EVSEAL_FAULTS_TABLE"];
  if (table) appendFileSync(table, `${JSON.stringify({ ...outcome, tookMs: Date.now() - started })}\n`);
}

/**
 * Runs every case, a few at once (the next is asked for when there is room for it), and fails with all violations
 * together, or when more than one in ten was not reached however often it was tried. A run that throws is a violation.
 * Returns the calls that a fault happened to.
 */
export async function campaign<Case>(
  name: string,
  cases: Iterable<Case>,
  describe: (each: Case) => string,
  run: (each: Case) => Promise<Verdict>,
): Promise<ReadonlySet<string>> {
  const started = Date.now();
  const violations: string[] = [];
  const hits = new Set<string>();
  let notReached = 0;
  let runs = 0;
  const waiting = cases[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      const each = next.value;
      runs += 1;
      let reached = false;
      for (let attempt = 1; !reached && attempt <= attempts; attempt += 1) {
        const verdict = await run(each).catch((error: unknown) => failed(error));
        violations.push(...verdict.violations.map((violation) => `${describe(each)}: ${violation}`));
        reached = verdict.reached;
        if (verdict.hit !== undefined) hits.add(verdict.hit);
      }
      if (!reached) notReached += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  record({ name, runs, notReached, violations, started });
  expect(runs, `runs of ${name}`).toBeGreaterThan(0);
  expect(violations, name).toEqual([]);
  expect(notReached, `of ${runs} runs of ${name} not reached`).toBeLessThanOrEqual(runs / 10);
  return hits;
}

/** Which thread makes the n-th call differs from run to run, so that a call may have been missed: how often it is tried. */
const passes = 6;

/**
 * A campaign whose faults must have hit every call of `calls`, where it is run whole: those that could hit one that was
 * missed are run again.
 */
export async function campaignAtAll(
  name: string,
  calls: readonly Call[],
  faults: readonly Fault[],
  run: (fault: Fault) => Promise<Verdict>,
): Promise<void> {
  const hits = new Set(await campaign(name, faults, describeFault, run));
  for (let pass = 2; whole && pass <= passes; pass++) {
    const missed = missedOf(calls, hits);
    const again = faults.filter(({ role, operation }) =>
      missed.some((call) => call.role === role && (operation === "any" || call.operation === operation)),
    );
    if (again.length === 0) break;
    for (const hit of await campaign(`${name}, again`, again, describeFault, run)) hits.add(hit);
  }
  if (whole) expect(missedOf(calls, hits).map(placeOf)).toEqual([]);
}

function missedOf(calls: readonly Call[], hits: ReadonlySet<string>): readonly Call[] {
  return calls.filter((call) => !hits.has(placeOf(call)));
}

function failed(error: unknown): Verdict {
  return { violations: [`the run itself failed: ${String(error)}`], reached: true };
}
