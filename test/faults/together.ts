/** Others at work in the same folder: more packers, and somebody who puts another folder in its place. */
import { mkdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { campaign, slice, timeLimitMs, whole, type Verdict } from "./campaign.js";
import { writesElsewhere } from "./plants.js";
import { describeFault, type Fault } from "./shim.js";
import { cleanCalls, newPlace, tryOut, verdictOf, type Command, type Trial } from "./trial.js";
import type { World } from "./world.js";

/** Defines the tests of it, in the world that stands when they run. */
export function company(the: { readonly world: World }): void {
  /** Packs in one folder that many times at once, and then once more; the first under a fault, where there is one. */
  async function packedTogether(amount: number, fault?: Fault): Promise<Verdict> {
    const shared = newPlace(the.world);
    const packers = Array.from({ length: amount }, async (_, index) => {
      const place = { ...newPlace(the.world), out: shared.out };
      const trial: Trial = { command: "pack", place, outs: [], ...(index === 0 && fault && { fault }) };
      const { code, stdout } = await tryOut(the.world, trial);
      rmSync(place.folder, { recursive: true });
      return code === 0 ? [] : [`exit code ${code ?? "none"}: ${stdout}`];
    });
    const wrong = (await Promise.all(packers)).flat();
    const ran = await tryOut(the.world, { command: "pack", place: shared });
    const [judgement] = ran.judgements;
    if (judgement?.results.length !== amount + 1) wrong.push(`${judgement?.results.length ?? 0} packages`);
    wrong.push(...(judgement?.violations ?? []), ...(judgement?.partials ?? []).map((name) => `${name} is left`));
    wrong.push(...the.world.canaries.leaksBelow(shared.out, "out"));
    rmSync(shared.folder, { recursive: true });
    return { violations: wrong, reached: true };
  }

  test(
    "takes two to eight packers at once",
    async () => {
      const amounts = Array.from({ length: whole ? 70 : 1 }, (_, index) => (whole ? 2 + (index % 7) : 4));
      await campaign("packers at once", amounts, (amount) => `${amount} packers`, packedTogether);
    },
    timeLimitMs,
  );

  test("would show if one of them had not done its work", async () => {
    const { violations } = await packedTogether(2, { role: "out", operation: "rename", nth: 1, action: "kill" });
    expect(violations).toEqual([
      "exit code none: ",
      "2 packages",
      expect.stringMatching(/^\.EV-[-0-9A-Z]{14}\.partial is left$/),
    ]);
  });

  const swaps = (["pack", "open"] as const).flatMap((command) =>
    (["swap", "mirror"] as const).map((action) => ({ command, action })),
  );
  test.each<{ command: Command; action: string }>(swaps)(
    "is swapped for a link while $command works ($action)",
    async ({ command, action }) => {
      const calls = await cleanCalls(the.world, command);
      const faults = calls
        .filter(({ role }) => role === "out")
        .map((_, index): Fault => ({ role: "out", operation: "any", nth: index + 1, action }));

      const verdictOn = async (fault: Fault, plant?: Trial["plant"]): Promise<Verdict> => {
        const place = newPlace(the.world);
        const elsewhere = `${place.out}.elsewhere`;
        mkdirSync(elsewhere);
        const trial: Trial = {
          command,
          fault,
          place,
          outs: [`${place.out}.moved`, elsewhere],
          ...(plant && { plant }),
        };
        const ran = await tryOut(the.world, trial);
        // What has been moved away cannot be removed; it is still no package, and nothing in the clear where sealed.
        const verdict = verdictOf(the.world, trial, ran, { codes: [0, 8], remains: true, doneAllTheSame: true });
        rmSync(place.folder, { recursive: true });
        return verdict;
      };
      const name = `output swapped in ${command} (${action})`;
      await campaign(name, slice(faults, 3), describeFault, (fault) => verdictOn(fault));

      const planted = await verdictOn({ role: "out", operation: "any", nth: 3, action }, writesElsewhere);
      expect(planted.violations).toContainEqual(expect.stringMatching(/^spooled: /));
    },
    timeLimitMs,
  );
}
