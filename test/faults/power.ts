/** The power goes: what the disk holds at any call is a package, or hidden; and after exit code 0 it is a package. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { exec, must } from "../interop/programs.js";
import { campaign, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { describeFault, type Fault } from "./shim.js";
import { cleanCalls, judgeAll, newPlace, tryOut, verdictOf, type Command } from "./trial.js";
import type { World } from "./world.js";

const because = await whyNot();
const describeWithDisks = because === undefined ? describe : describe.skip;

/** Why this machine cannot mount a disk of our own, or nothing. */
async function whyNot(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "only root may mount";
  if ((await exec("mkfs.ext4", ["-V"]).catch(() => undefined))?.code !== 0) return "there is no mkfs.ext4";
  const loop = await exec("losetup", ["-f"]).catch(() => undefined);
  return loop?.code === 0 ? undefined : "there is no loop device";
}

/** Defines the tests of it, in the world that stands when they run. */
export function powerCuts(the: { readonly world: World }): void {
  describeWithDisks(`on a disk of its own${because === undefined ? "" : ` [SKIPPED, ${because}]`}`, () => {
    beforeAll(async () => {
      const image = path.join(the.world.folder, "empty.img");
      writeFileSync(image, "");
      truncateSync(image, 8 * 1024 * 1024);
      await must("mkfs.ext4", ["-q", "-F", image]);
    });

    /** Mounts an image at `folder` while `work` is done. The disk's own root folder holds lost+found; so one below it. */
    async function mounted<T>(image: string, folder: string, work: (out: string) => Promise<T>): Promise<T> {
      mkdirSync(folder, { recursive: true });
      execFileSync("mount", ["-o", "loop,commit=600", image, folder]);
      try {
        mkdirSync(path.join(folder, "out"), { recursive: true });
        return await work(path.join(folder, "out"));
      } finally {
        execFileSync("umount", ["-l", folder]);
      }
    }

    async function verdictOn(command: Command, fault: Fault | undefined): Promise<Verdict> {
      const place = newPlace(the.world);
      const [image, disk] = [path.join(place.folder, "before.img"), path.join(place.folder, "disk")];
      copyFileSync(path.join(the.world.folder, "empty.img"), image);
      const ran = await mounted(image, disk, async (out) => {
        execFileSync("sync", ["-f", out]);
        const ended = await tryOut(the.world, { command, place: { ...place, out }, ...(fault && { fault }), outs: [] });
        // What the disk has been given so far, without anything that only the system's memory holds.
        copyFileSync(image, `${image}.cut`);
        return ended;
      });
      const judgements = await mounted(`${image}.cut`, disk, (out) => judgeAll(the.world, { command }, [out]));
      const codes = [fault?.action === "kill" ? null : 0];
      const after = { ...ran, judgements, place };
      const trial = { command, outs: [], ...(fault && { fault }) };
      const verdict = verdictOf(the.world, trial, after, {
        codes,
        remains: true,
        doneAllTheSame: true,
      });
      rmSync(place.folder, { recursive: true });
      return verdict;
    }

    test.each<Command>(["pack", "open"])("would show if %s did not wait for the disk", async (command) => {
      const lie: Fault = { role: "out", operation: "fsync", nth: 1, times: 0, action: "skip" };
      expect((await verdictOn(command, lie)).violations).toContain("exit code 0 with 0 results");
    });

    test.each<Command>(["pack", "open"])(
      "at every call of %s, and right after its end",
      async (command) => {
        const calls = await cleanCalls(the.world, command);
        const faults = calls
          .filter(({ role }) => role === "out")
          .map((_, index): Fault => ({ role: "out", operation: "any", nth: index + 1, action: "kill" }));
        const moments: (Fault | undefined)[] = [undefined, ...slice(faults, 3)];

        await campaign(
          `power cut on ext4 in ${command}`,
          moments,
          (fault) => (fault === undefined ? "after the end" : describeFault(fault)),
          (fault) => verdictOn(command, fault),
        );
      },
      timeLimitMs,
    );
  });
}
