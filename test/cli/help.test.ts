import { describe, expect, test } from "vitest";
import { exitMeanings } from "../../src/errors.js";
import { run, scratchFolder } from "./run.js";

const commands = [
  "keygen",
  "card",
  "contacts",
  "contacts add",
  "contacts list",
  "contacts show",
  "contacts remove",
  "pack",
  "check",
  "verify",
  "inspect",
  "list",
  "open",
  "salvage",
  "clean",
  "policy",
  "doctor",
];

describe("the help", () => {
  test.each(["", ...commands])("of evseal %s ends with examples and the exit codes it can return", async (command) => {
    const words = command === "" ? [] : command.split(" ");
    const { code, stdout, stderr } = await run([...words, "--help"], { home: scratchFolder() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [, examples = "", codes = ""] = /\nExamples:\n(.+)\n\nExit codes:\n(.+)\n$/s.exec(stdout) ?? [];
    expect(examples.split("\n").every((line) => line.startsWith("  evseal "))).toBe(true);
    const lines = codes.split("\n");
    for (const line of lines) {
      const [, exitCode = "", meaning] = /^ {2}(\d+) +(.+)$/.exec(line) ?? [];
      expect(exitMeanings[Number(exitCode) as keyof typeof exitMeanings]).toBe(meaning);
    }
    expect(lines[0]).toContain(exitMeanings[0]);
  });

  test("lists every command", async () => {
    const { stdout } = await run(["--help"], { home: scratchFolder() });
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (\[options\] |<| {2})/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(commands.filter((name) => !name.includes(" "))));
  });

  test("of a command can be had from evseal help too", async () => {
    const home = scratchFolder();
    const asked = await run(["help", "pack"], { home });
    expect(asked).toEqual(await run(["pack", "--help"], { home }));
  });

  test("is no answer when no command was given: it goes to stderr, without the end, and the exit code is 2", async () => {
    const { code, stdout, stderr } = await run(["contacts"], { home: scratchFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: evseal/);
    expect(stderr).not.toContain("Exit codes:");
    expect(stderr).toContain("evseal: error USAGE: no command was given\n");
  });

  test("says nothing about a way to leave anything unsealed", async () => {
    const screens = await Promise.all(
      ["", ...commands.filter((name) => name !== "clean")].map(async (command) => {
        return (await run([...command.split(" ").filter(Boolean), "--help"], { home: scratchFolder() })).stdout;
      }),
    );
    expect(screens.join("")).not.toMatch(/--force|--yes|--unsafe|--plain|--no-(?!color|passphrase)/);
  });
});

test("--version is one line, wherever it stands", async () => {
  const home = scratchFolder();
  for (const words of [["--version"], ["pack", "--version"]]) {
    expect(await run(words, { home })).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      stderr: "",
    });
  }
});
