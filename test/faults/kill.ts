/** The end at any moment: whatever has a final name is whole; what a sudden death leaves hidden of a pack is sealed. */
import { createHash, randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { expect, test } from "vitest";
import { campaign, campaignAtAll, slice, timeLimitMs, whole } from "./campaign.js";
import { givesFinalNames, leavesStaging } from "./plants.js";
import { describeFault, type Fault } from "./shim.js";
import { cleanCalls, tryOut, verdictIn, verdictOf, type Command, type Expectation } from "./trial.js";
import type { World } from "./world.js";

const commands: readonly Command[] = ["pack", "open"];
/** EVSEAL_FAULTS_SEED repeats the moments of a run; where in the work they fall is the machine's. */
const killSeed = Number(process.env["EVSEAL_FAULTS_SEED"] ?? randomInt(2 ** 31));

/** Numbers from 0 to below 1 that a seed decides: the first 48 bits of a hash of it and of a counter. */
function seeded(seed: number): () => number {
  let drawn = 0;
  return () => createHash("sha256").update(`${seed} ${drawn++}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** It may have been quicker than its death. */
const killed: Expectation = { codes: [null, 0], remains: true, doneAllTheSame: true };

/** From the first look at the output to the last, in microseconds, in the quickest of some runs: most die in their work. */
async function shortestWorkUs(world: World, command: Command): Promise<number> {
  let shortest = Infinity;
  for (let run = 0; run < 5; run++) {
    const out = (await cleanCalls(world, command)).filter(({ role }) => role === "out");
    shortest = Math.min(shortest, (out.at(-1)?.microseconds ?? 0) - (out[0]?.microseconds ?? 0));
  }
  expect(shortest).toBeGreaterThan(0);
  return shortest;
}

/** Defines the tests of it, in the world that stands when they run. */
export function sigkill(the: { readonly world: World }): void {
  test.each(commands)(
    "at every call of %s that touches the output",
    async (command) => {
      const clean = await cleanCalls(the.world, command);
      const calls = clean.filter(({ role }) => role === "out");
      const writes = calls.filter(({ operation }) => operation === "write");
      expect(writes.length).toBeGreaterThan(3);
      const faults: Fault[] = [
        ...calls.map((_, index) => ({ role: "out" as const, operation: "any", nth: index + 1, action: "kill" })),
        ...writes.map((_, index) => ({
          role: "out" as const,
          operation: "write",
          nth: index + 1,
          action: "kill-half",
        })),
      ];

      const name = `SIGKILL at every output call of ${command}`;
      await campaignAtAll(name, calls, slice(faults, 8), (fault) =>
        verdictIn(the.world, { command, fault }, { ...killed, codes: [null] }),
      );
    },
    timeLimitMs,
  );

  test.each(commands)("would show if %s had given its final name to what is not finished", async (command) => {
    const fault: Fault = { role: "out", operation: "write", nth: 2, action: "kill" };
    const { violations } = await verdictIn(the.world, { command, fault, plant: givesFinalNames }, killed);
    expect(violations).toHaveLength(1);
  });

  test.each(commands)(
    "at any moment of %s",
    async (command) => {
      const workingUs = await shortestWorkUs(the.world, command);
      // Counted from the first look at the output folder, so that few die before there is anything to see.
      const random = seeded(killSeed);
      const enough = whole ? 1000 : 5;
      let dead = 0; // the others were quicker
      const faults = (function* (): Generator<Fault, void> {
        for (let tries = 0; dead < enough && tries < 3 * enough; tries += 1) {
          const argument = Math.floor(random() * workingUs * 1.1);
          yield { role: "out", operation: "any", nth: 1, action: "kill-after", argument };
        }
      })();

      await campaign(
        `SIGKILL at random moments of ${command}, seed ${killSeed}`,
        faults,
        describeFault,
        async (fault) => {
          const ran = await tryOut(the.world, { command, fault });
          dead += ran.code === null ? 1 : 0;
          const verdict = verdictOf(the.world, { command, fault }, ran, killed);
          rmSync(ran.place.folder, { recursive: true });
          return verdict;
        },
      );
      expect(dead).toBeGreaterThanOrEqual(enough);
    },
    timeLimitMs,
  );

  test.each(commands)(
    "and Ctrl-C, a shutdown, a closed terminal: nothing is left of %s",
    async (command) => {
      const calls = await cleanCalls(the.world, command);
      const out = calls.filter(({ role }) => role === "out");
      const { SIGINT, SIGTERM, SIGHUP } = constants.signals;
      const signals = [SIGINT, SIGTERM, SIGHUP]; // in turn: one listener hears them all
      const faults = out.map((_, index): Fault => {
        return {
          role: "out",
          operation: "any",
          nth: index + 1,
          action: "signal",
          argument: signals[index % 3] ?? SIGINT,
        };
      });

      // A signal takes a moment to arrive: what is as good as done may be done, whole, and be called done.
      let interrupted = 0;
      await campaign(
        `interrupted at every output call of ${command}`,
        slice(faults, 6),
        describeFault,
        async (fault) => {
          const ran = await tryOut(the.world, { command, fault });
          interrupted += ran.code === 130 ? 1 : 0;
          const verdict = verdictOf(the.world, { command, fault }, ran, { codes: [130, 0] });
          rmSync(ran.place.folder, { recursive: true });
          return verdict;
        },
      );
      expect(interrupted).toBeGreaterThan(0);
    },
    timeLimitMs,
  );

  test.each(commands)("and would show if anything were left of %s", async (command) => {
    const fault: Fault = {
      role: "out",
      operation: "write",
      nth: 2,
      action: "signal",
      argument: constants.signals.SIGINT,
    };
    const trial = { command, fault, plant: leavesStaging(command) };
    const { violations } = await verdictIn(the.world, trial, { codes: [130, 0] });
    expect(violations).toContainEqual(expect.stringMatching(/^a staging folder is left/));
  });
}
