/** Nowhere to speak: what is done is done whole, whether or not there was anybody to be told. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { test } from "vitest";
import { environment, program } from "../cli/run.js";
import { campaign, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { judgeAll, newPlace, violationsOf, type Command, type Ran } from "./trial.js";
import type { World } from "./world.js";

interface Silence {
  readonly command: Command;
  readonly manner: string;
  readonly redirect: string;
  /** Nobody reads what is written: the pipes' other ends are closed at once. */
  readonly unread: boolean;
}

const redirects = [
  ">/dev/full",
  "2>/dev/full",
  ">/dev/full 2>&1",
  ">&-",
  "2>&-",
  ">&- 2>&-",
  "<&- >&- 2>&-",
  "</dev/full",
  "",
];

const silences: readonly Silence[] = (["pack", "open"] as const).flatMap((command) =>
  ["", "--json", "--quiet"].flatMap((manner) =>
    redirects.map((redirect) => ({ command, manner, redirect, unread: redirect === "" })),
  ),
);

/** Defines the tests of it, in the world that stands when they run. */
export function silence(the: { readonly world: World }): void {
  async function violations({ command, manner, redirect, unread }: Silence): Promise<Verdict> {
    const place = newPlace(the.world);
    const home = command === "pack" ? the.world.homes.sender : the.world.homes.receiver;
    const words = command === "pack" ? the.world.packing : ["open", the.world.sealed];
    const options = manner === "" ? [] : [manner];
    const child = spawn(
      "sh",
      ["-c", `exec "$@" ${redirect}`, "sh", process.execPath, program, ...words, "--out", place.out, ...options],
      { cwd: place.cwd, env: environment({ home, env: { HOME: place.home, TMPDIR: place.tmp } }) },
    );
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      if (unread) child[name].destroy();
      else child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
    }
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const judgements = await judgeAll(the.world, { command }, [place.out]);
    const ran: Ran & { place: typeof place } = { code, ...said, calls: [], judgements, place };
    // The work is done before the result is said: a script that is told 8 must look before it starts again.
    const codes = redirect.startsWith(">/dev/full") ? [8] : [0];
    const wrong = violationsOf(the.world, { command }, ran, { codes, doneAllTheSame: true });
    if (judgements[0]?.results.length !== 1) wrong.push("nothing was done");
    rmSync(place.folder, { recursive: true });
    return { violations: wrong, reached: true };
  }

  test(
    "that are full, closed, or that nobody reads",
    async () => {
      const describe = ({ command, manner, redirect, unread }: Silence): string =>
        `${command} ${manner} ${redirect}${unread ? "with pipes that nobody reads" : ""}`;
      await campaign("stdout and stderr full, closed, unread", slice(silences, 8), describe, violations);
    },
    timeLimitMs,
  );
}
