import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitMeanings } from "../../src/errors.js";
import { run, scratchFolder } from "./run.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const rows = (pattern: RegExp): string[][] => [...readme.matchAll(pattern)].map((match) => match.slice(1));

test("the README's exit codes are the program's", () => {
  const table = rows(/^\| (\d+) +\| (.+?) +\|$/gm).map(([code, meaning]) => [Number(code), meaning]);
  expect(Object.fromEntries(table)).toEqual(exitMeanings);
});

test("the README's table of commands says which exit codes each can fail with, as the help does", async () => {
  const table = rows(/^\| `([a-z]+)[^|]*\|[^|]*\| ([\d ]+?) +\|$/gm);
  expect(table.map(([command]) => command)).toEqual([
    "keygen",
    "card",
    "contacts",
    "pack",
    "check",
    "verify",
    "inspect",
    "list",
    "open",
  ]);
  for (const [command = "", codes = ""] of table) {
    const { stdout } = await run([command, "--help"], { home: scratchFolder() });
    const [, listed = ""] = /\nExit codes:\n(.+)$/s.exec(stdout) ?? [];
    const failures = [...listed.matchAll(/^ {2}(\d+)/gm)].map(([, code]) => Number(code)).filter((code) => code > 1);
    expect(`${command}: ${failures.join(" ")}`).toBe(`${command}: ${codes}`);
  }
});
