import { throwIfInterrupted, type Watch } from "../watch.js";
import type { FindingState } from "./finding.js";
import { formatRequirements } from "./format-answers.js";
import { primitiveRequirements } from "./primitive-answers.js";
import { promiseRequirements } from "./promise-answers.js";
import { usualBench, type Bench, type Requirement } from "./requirement.js";

/** In the order of their numbers in a report: they are in reports that labs have filed. */
export const requirements: readonly Requirement[] = [
  ...primitiveRequirements,
  ...formatRequirements,
  ...promiseRequirements,
];

export interface TestedRequirement extends Omit<Requirement, "holds"> {
  /** R1 and so on. */
  readonly id: string;
  readonly state: Extract<FindingState, "ok" | "failed">;
  readonly detail: string;
  readonly hint: string;
}

/** Tries each of them here and now; takes about three seconds. Throws INTERRUPTED. */
export async function testRequirements(watch: Watch, bench: Bench = usualBench): Promise<readonly TestedRequirement[]> {
  const tested: TestedRequirement[] = [];
  for (const [index, { says, source, testedWith, holds }] of requirements.entries()) {
    throwIfInterrupted(watch);
    const held = await tryToHold(() => holds(bench));
    tested.push({ id: `R${index + 1}`, says, source, testedWith, ...(held ? met : notMet) });
  }
  return tested;
}

const met = { state: "ok", detail: "the answer was the right one", hint: "nothing to do" } as const;
const notMet = {
  state: "failed",
  detail: "the answer was a wrong one, or none",
  hint: "do not seal or open anything with this evseal: install it and Node.js anew, and run evseal doctor again",
} as const;

async function tryToHold(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
