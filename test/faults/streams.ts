/** Nowhere to speak: what is done is done whole, whether or not there was anybody to be told. */
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { environment, program } from "../cli/run.js";
import { campaign, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { commandLine, commandNames, type CommandName } from "./command-lines.js";
import { losesResult } from "./plants.js";
import { judgeAll, type Place } from "./trial.js";
import type { World } from "./world.js";

interface Silence {
  readonly command: CommandName;
  readonly manner: string;
  readonly redirect: string;
}

/** What nobody redirects goes into pipes that nobody reads: their other ends are closed at once. */
const unread = "";
const redirects = [
  ">/dev/full",
  "2>/dev/full",
  ">/dev/full 2>&1",
  ">&-",
  "2>&-",
  ">&- 2>&-",
  "<&- >&- 2>&-",
  "</dev/full",
  unread,
];
const manners = ["", "--json", "--quiet"];
const silences: readonly Silence[] = commandNames.flatMap((command) =>
  manners.flatMap((manner) => redirects.map((redirect) => ({ command, manner, redirect }))),
);

/** How each command ends, where that is not with 0. */
const codes: Readonly<Partial<Record<CommandName, number>>> = {
  "verify of nothing": 6,
  "check of a tray in the clear": 3,
  "no command of that name": 2,
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** The names below the place, which are those of what it has made. */
  readonly made: readonly string[];
  readonly wrong: readonly string[];
}

/** Defines the tests of it, in the world that stands when they run. */
export function silence(the: { readonly world: World }): void {
  async function ended({ command, manner, redirect }: Silence, plant?: (place: Place) => void): Promise<Ended> {
    const { world } = the;
    const { place, home, words } = commandLine(world, command);
    const child = spawn(
      "sh",
      ["-c", `exec "$@" ${redirect}`, "sh", process.execPath, program, ...words, ...(manner ? [manner] : [])],
      { cwd: place.cwd, env: environment({ home, env: { HOME: place.home, TMPDIR: place.tmp } }) },
    );
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      if (redirect === unread) child[name].destroy();
      else child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
    }
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    plant?.(place);
    const makes = command === "pack" || command === "open" ? command : undefined;
    const judgements = makes === undefined ? [] : await judgeAll(world, { command: makes }, [place.out]);
    const names = readdirSync(place.folder, { recursive: true, encoding: "utf8" });
    const made = names.map((name) => name.replaceAll(/EV(-[0-9A-Z]{4}){3}/g, "EV")).sort();
    const secrets = command === "list" || command === "salvage" ? "" : said.stdout;
    const wrong = [
      ...judgements.flatMap(({ violations }) => violations),
      ...world.canaries.leaksIn(said.stderr, "stderr"),
      ...(command === "check of a tray in the clear" ? [] : world.canaries.leaksIn(secrets, "stdout")),
    ];
    rmSync(place.folder, { recursive: true });
    return { code, stdout: said.stdout, made, wrong };
  }

  const undisturbed = new Map<string, Promise<Ended>>();
  /** The same with somebody to tell. */
  function heard({ command, manner }: Silence): Promise<Ended> {
    const known = undisturbed.get(command + manner) ?? ended({ command, manner, redirect: "</dev/null" });
    undisturbed.set(command + manner, known);
    return known;
  }

  async function verdictOn(silent: Silence, plant?: (place: Place) => void): Promise<Verdict> {
    const before = await heard(silent);
    const { code, made, wrong } = await ended(silent, plant);
    const violations = [...before.wrong, ...wrong];
    const usual = codes[silent.command] ?? 0;
    // The work is done before the result is said: a script that is told 8 must look before it starts again.
    const isUnsaid = silent.redirect.startsWith(">/dev/full") && before.stdout !== "" && usual === 0;
    const expected = isUnsaid ? 8 : usual;
    if (before.code !== usual) violations.push(`exit code ${before.code ?? "none"} where all is well`);
    if (code !== expected) violations.push(`exit code ${code ?? "none"}, not ${expected}`);
    if (made.join() !== before.made.join()) violations.push("something else was done");
    return { violations, reached: true };
  }

  test(
    "that are full, closed, or that nobody reads",
    async () => {
      const describe = ({ command, manner, redirect }: Silence): string =>
        `${command} ${manner} ${redirect === unread ? "with pipes that nobody reads" : redirect}`;
      await campaign("stdout and stderr full, closed, unread", slice(silences, 10), describe, (silent) =>
        verdictOn(silent),
      );
    },
    timeLimitMs,
  );

  test("would show if something were not done", async () => {
    const { violations } = await verdictOn({ command: "pack", manner: "", redirect: "2>&-" }, losesResult);
    expect(violations).toEqual(["something else was done"]);
  });
}
