import { performance } from "node:perf_hooks";
import { randomFrom } from "./random.js";
import { mutated } from "./mutate.js";

/** One parse may take this long on a busy machine; more is a way to keep evseal busy. */
const slowMs = 2000;
const violationsCap = 5;

/**
 * Feeds `runs` inputs to a target and tells what went wrong. A target has `samples`, `codes` (of the errors it may
 * throw) and `parse`, which gives the bytes that the accepted input encodes to again, or undefined for a refusal
 * without an error. `beat` is called now and then.
 */
export async function fuzz(target, runs, seed, beat = () => undefined) {
  const random = randomFrom(seed);
  const found = { runs: 0, accepted: 0, violations: [] };
  for (; found.runs < runs && found.violations.length < violationsCap; found.runs++) {
    const input = mutated(random, target.samples);
    const complaint = await complaintAbout(target, input, found);
    if (complaint)
      found.violations.push(`run ${found.runs} of seed ${seed}: ${complaint}: ${input.toString("base64")}`);
    if (found.runs % 512 === 0) beat();
  }
  return found;
}

async function complaintAbout(target, input, found) {
  const before = performance.now();
  try {
    const parsing = target.parse(input);
    const again = parsing instanceof Promise ? await parsing : parsing; // a turn of the loop costs more than most parsing
    if (again === undefined) return undefined;
    found.accepted += 1;
    if (!again.equals(input)) return "accepted, and does not encode to the same bytes again";
  } catch (error) {
    if (error?.name !== "EvsealError") return `threw ${String(error)}`;
    if (!target.codes.includes(error.code)) return `was refused with ${error.code}`;
  }
  const tookMs = performance.now() - before;
  return tookMs > slowMs ? `took ${Math.round(tookMs)} ms` : undefined;
}
