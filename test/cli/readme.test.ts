import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exitMeanings } from "../../src/errors.js";
import { executable, run, scratchFolder } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(path.join(root, "README.md"), "utf8");
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
    "salvage",
    "clean",
    "policy",
    "doctor",
  ]);
  for (const [command = "", codes = ""] of table) {
    const { stdout } = await run([command, "--help"], { home: scratchFolder() });
    const [, listed = ""] = /\nExit codes:\n(.+)$/s.exec(stdout) ?? [];
    const failures = [...listed.matchAll(/^ {2}(\d+)/gm)].map(([, code]) => Number(code)).filter((code) => code > 1);
    expect(`${command}: ${failures.join(" ")}`).toBe(`${command}: ${codes}`);
  }
});

test("the README's session works when it is pasted", () => {
  const [, session = ""] = /```sh\n(cd "\$\(mktemp -d\)".+?)```/s.exec(readme) ?? [];
  const scratch = scratchFolder();
  symlinkSync(executable, path.join(scratch, "evseal"));
  const env = { PATH: `${scratch}:${process.env["PATH"] ?? ""}`, HOME: scratch, TMPDIR: scratch };
  const said = execFileSync("bash", ["-e", "-c", session], { cwd: root, env, encoding: "utf8", stdio: "pipe" });
  expect(said).toMatch(/\nthe same\n$/);
});
