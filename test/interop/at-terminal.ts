import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Step, TerminalResult } from "../cli/on-terminal.js";
import { environmentOf, type Around } from "./programs.js";

/** Runs another program on a terminal of its own, for those that take a passphrase from nowhere else. */
export async function atTerminal(
  argv: readonly string[],
  talk: readonly Step[],
  around: Around = {},
): Promise<TerminalResult> {
  const python = spawn("python3", [fileURLToPath(new URL("../cli/terminal.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const env = environmentOf({ ...around, env: { TERM: "xterm", ...around.env } });
  python.stdin.end(JSON.stringify({ argv, env, cwd: around.cwd, stdout: "pipe", talk }));
  let said = "";
  for await (const part of python.stdout.setEncoding("utf8")) said += part as string;
  return JSON.parse(said) as TerminalResult; // terminal.py is ours
}
