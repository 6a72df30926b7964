/** Output folders that are too small, in bytes, in names, or for this user: whole or nothing, and exit code 8. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { campaign, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { leavesStaging } from "./plants.js";
import { newPlace, tryOut, verdictOf, type Command, type Trial } from "./trial.js";
import type { World } from "./world.js";

const isRoot = process.getuid?.() === 0;
const describeAsRoot = isRoot ? describe : describe.skip;
const commands: readonly Command[] = ["pack", "open"];
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

/** Defines the tests of it, in the world that stands when they run. */
export function smallDisks(the: { readonly world: World }): void {
  async function verdictOn(command: Command, options: string, plant?: Trial["plant"]): Promise<Verdict> {
    const place = newPlace(the.world);
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place.out]);
    try {
      const ran = await tryOut(the.world, { command, place, ...(plant && { plant }) });
      const says = "OUTPUT_NO_SPACE";
      return verdictOf(the.world, { command }, ran, { codes: [0, 8], says });
    } finally {
      execFileSync("umount", ["-l", place.out]);
      rmSync(place.folder, { recursive: true });
    }
  }

  describeAsRoot(`on a small tmpfs${isRoot ? "" : " [SKIPPED, only root may mount]"}`, () => {
    test.each(commands)(
      "of every size, for %s",
      async (command) => {
        expect(await verdictOn(command, "size=600k")).toEqual({ violations: [], reached: true });
        expect((await verdictOn(command, "size=100k", leavesStaging(command))).violations).toHaveLength(1);
        const sizes = slice(range(4, 300, 4), 3);
        await campaign(
          `tmpfs sizes under ${command}`,
          sizes,
          (size) => `size=${size}k`,
          (size) => verdictOn(command, `size=${size}k`),
        );
      },
      timeLimitMs,
    );

    test.each(commands)(
      "with room for so many names, for %s",
      async (command) => {
        const amounts = slice(range(1, 12, 1), 3);
        await campaign(
          `tmpfs names under ${command}`,
          amounts,
          (amount) => `nr_inodes=${amount}`,
          (amount) => verdictOn(command, `size=1m,nr_inodes=${amount}`),
        );
      },
      timeLimitMs,
    );
  });
}
