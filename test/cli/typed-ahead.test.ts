/** What a person types before they are asked: never on the screen once evseal runs, and never taken for the answer. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { keys, runOnTerminal } from "./on-terminal.js";
import { program, run, scratchFolder } from "./run.js";

const newPassphrase = "nothing is shown while you type): ";
const again = "the same again: ";
const keygen = ["keygen", "--unit", "Force A", "--classic"];
const answers = [newPassphrase, again].map((until) => ({ until, type: `plain words${keys.enter}` }));
const ahead = `canary bird${keys.enter}`;

describe("a passphrase that is typed before the question", () => {
  test("is not shown, from evseal's first lines on, and not taken for the answer", async () => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [{ onceSilent: true, type: ahead }, ...answers]);
    expect(made).toMatchObject({ code: 0, restored: true, unsaid: 0, echoed: [false] });
    expect(made.screen).not.toContain("canary");
    expect(made.screen.startsWith("evseal: new passphrase")).toBe(true);
  });

  // How soon the first line is reached is up to node and to how busy the machine is; the terminal itself says whether it
  // echoed what was typed then.
  test.each([0, 20, 50])("%i ms after the start, is shown only if that line was not reached", async (afterMs) => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [{ afterMs, type: ahead }, ...answers]);
    expect(made).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    expect(made.echoed).toHaveLength(1);
    const [echoed] = made.echoed;
    expect(made.screen.includes("canary") && !echoed).toBe(false);
  });

  test("is not shown between the questions either", async () => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [
      { until: newPassphrase, type: `plain words${keys.enter}` },
      { onceSilent: true, type: ahead },
      { until: again, type: keys.ctrlC },
    ]);
    expect(made).toMatchObject({ code: 130, restored: true, unsaid: 0, echoed: [false] });
    expect(made.screen).not.toContain("canary");
  });

  test("is not shown while a wrong one is tried, nor before a question of another kind", async () => {
    const home = path.join(scratchFolder(), "home");
    await run([...keygen, "--passphrase-fd", "3"], { home, fds: { 3: "plain words" } });
    const question = "passphrase of the receiving key: ";
    const opened = await runOnTerminal(["open"], { home }, [
      { onceSilent: true, type: "canary" },
      { until: "folder of the package", type: keys.ctrlC },
    ]);
    expect(opened).toMatchObject({ code: 130, restored: true, unsaid: 0, echoed: [false] });
    expect(opened.screen).not.toContain("canary");
    const listed = await runOnTerminal(["list", scratchFolder()], { home }, [
      { until: question, type: `wrong words${keys.enter}` },
      { onceSilent: true, type: ahead },
      { until: question, type: `plain words${keys.enter}` },
    ]);
    expect(listed).toMatchObject({ code: 6, restored: true, unsaid: 0, echoed: [false] });
    expect(listed.screen).not.toContain("canary");
  });

  test("can be a Ctrl-C, which stops evseal as it would have", async () => {
    const home = path.join(scratchFolder(), "home");
    const stopped = await runOnTerminal(keygen, { home }, [{ onceSilent: true, type: keys.ctrlC }]);
    expect(stopped).toMatchObject({ code: 130, restored: true, unsaid: 0 });
    expect(existsSync(home)).toBe(false);
  });
});

test("the terminal echoes all the time when there is nothing to ask", async () => {
  const home = path.join(scratchFolder(), "home");
  for (const words of [
    ["keygen", "--help"],
    ["check", home],
  ]) {
    const done = await runOnTerminal(words, { home }, [{ onceSilent: true, type: "" }]);
    expect(done).toMatchObject({ restored: true, unsaid: 1 });
  }
});

test("the program's first file knows every command that may ask", async () => {
  const [, named = ""] = /\[(.*)\]\.includes\(word\)/.exec(readFileSync(program, "utf8")) ?? [];
  const help = await run(["--help"], { home: scratchFolder() });
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map(([, name]) => name ?? "");
  const asking: string[] = [];
  for (const command of new Set(commands)) {
    const { stdout } = await run([command, "--help"], { home: scratchFolder() });
    if (stdout.includes("--passphrase-fd")) asking.push(command);
  }
  expect(named.match(/\w+/g)?.sort()).toEqual(asking.sort());
});
