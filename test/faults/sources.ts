/** Sources that change while they are packed: noticed, or sealed as they were at one moment; never half of each. */
import { cpSync, rmSync, truncateSync, utimesSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Case, SourceState } from "./judge.js";
import { campaign, slice, timeLimitMs, whole, type Verdict } from "./campaign.js";
import { describeFault, type Fault } from "./shim.js";
import { newPlace, newSource, tryOut, verdictOf, type Trial } from "./trial.js";
import { statesBelow, type World } from "./world.js";

const changes = [
  "append",
  "overwrite",
  "overwrite-end",
  "truncate",
  "replace",
  "remove",
  "touch",
  "disguise",
  "rename",
  "add",
  "relink",
];

/** Defines the tests of it, in the world that stands when they run. */
export function changingSources(the: { readonly world: World }): void {
  /** Enough files for more than 500 changes in all. */
  function copySources(folder: string): string {
    const source = newSource(the.world, folder);
    const [large = ""] = Object.keys(statesBelow(source)).filter((name) => !name.endsWith(".wav"));
    const more = whole ? ["a", "b", "c", "d"] : [];
    for (const name of more) cpSync(path.join(folder, large), path.join(source, name));
    truncateSync(path.join(folder, large), 600_000);
    return source;
  }

  /** Each file as it was before, or as it is now; and the files of then, or those of now. */
  function eitherState(
    before: Readonly<Record<string, SourceState>>,
    now: Readonly<Record<string, SourceState>>,
  ): Pick<Case, "sources" | "listings"> {
    const listings = [Object.keys(before), Object.keys(now)];
    const entries = listings.flat().map((name) => {
      const sha256 = [before, now].flatMap((states) => states[name]?.sha256 ?? []);
      return [name, { sha256, modified: null }] as const;
    });
    return { sources: Object.fromEntries(entries), listings };
  }

  async function verdictOn(fault: Fault): Promise<Verdict> {
    const place = newPlace(the.world);
    const source = copySources(place.folder);
    const before = statesBelow(source);
    // Long ago, so that only the clock of the disk tells a change from what was before it.
    for (const name of Object.keys(before)) utimesSync(path.join(place.folder, name), 1_500_000_000, 1_500_000_000);
    const states = (): Pick<Case, "sources" | "listings"> => eitherState(before, statesBelow(source));
    const trial: Trial = { command: "pack", fault, place, source: { path: source, states } };
    const verdict = verdictOf(the.world, trial, await tryOut(the.world, trial), { codes: [0, 7] });
    rmSync(place.folder, { recursive: true });
    return verdict;
  }

  test(
    "is noticed or sealed as it was, whatever changed at whichever call",
    async () => {
      const place = newPlace(the.world);
      const path = copySources(place.folder);
      const clean: Trial = { command: "pack", place, source: { path, states: () => ({ sources: statesBelow(path) }) } };
      const { code, calls } = await tryOut(the.world, clean);
      expect(code).toBe(0);
      const source = calls.filter(({ role }) => role === "source");
      const faults = source.flatMap((_, index) =>
        changes.map((action): Fault => ({ role: "source", operation: "any", nth: index + 1, action })),
      );

      // What no program can notice, the judge does: the disk gives something else than what it holds.
      const lie: Fault = { role: "source", operation: "read", nth: 1, times: 0, action: "corrupt" };
      const { violations } = await verdictOn(lie);
      expect(violations).toContainEqual(expect.stringMatching(/a file's content was never that of the source/));

      if (whole) expect(faults.length).toBeGreaterThan(500);
      await campaign("sources changed while packing", slice(faults, 8), describeFault, verdictOn);
    },
    timeLimitMs,
  );
}
