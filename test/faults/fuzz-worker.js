// Feeds one parser with changed documents, a batch for each message, and answers with what went wrong and its memory.
// Run from outside, so that a hang and a crash are seen: fuzz.test.ts.
import { Buffer } from "node:buffer";
import { EvsealError } from "../../dist/errors.js";
import { mutated, randomFrom } from "./fuzz-mutations.js";
import { targets } from "./fuzz-targets.js";

/** What is wrong with how `parse` takes `bytes`: nothing, where it is `parsed` or `refused`. */
async function outcomeOf({ parse, codes }, bytes) {
  try {
    const given = parse(bytes);
    const again = given instanceof Promise ? await given : given; // an await for each would cost more than a parser
    if (again === undefined) return "refused";
    if (Buffer.compare(again, bytes) === 0) return "parsed";
    return "it is accepted, and encodes to other bytes";
  } catch (error) {
    if (error instanceof EvsealError && codes.includes(error.code)) return "refused";
    return error instanceof EvsealError ? `refused with ${error.code}` : String(error);
  }
}

process.on("message", async ({ name, seed, runs }) => {
  const target = targets[name];
  const below = randomFrom(seed);
  const violations = [];
  let parsed = 0;
  for (let left = runs; left > 0; left--) {
    const bytes = mutated(target.seeds, below);
    const copy = Buffer.from(bytes); // a parser that wipes or changes what it is given must not hide that
    const outcome = await outcomeOf(target, bytes);
    if (outcome === "parsed") parsed += 1;
    else if (outcome !== "refused") violations.push(`${outcome}: ${copy.toString("base64").slice(0, 400)}`);
  }
  process.send({ violations: violations.slice(0, 5), parsed, rssBytes: process.memoryUsage.rss() });
});
process.send("ready");
