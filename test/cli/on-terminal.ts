import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { commandOf, environment, type RunOptions } from "./run.js";

/** What a person does: waits until the screen shows something, then types, or is interrupted. */
export type Step = { until: string; type: string } | { until: string; signal: "SIGINT" | "SIGTERM" | "SIGHUP" };

/** What is typed without being asked: so long after the start, or as soon as the terminal echoes no more. */
type Ahead = { afterMs: number; type: string } | { onceSilent: true; type: string };

export interface TerminalResult {
  readonly code: number;
  /** Everything the terminal showed: stderr, and stdout where that is the terminal too. */
  readonly screen: string;
  readonly stdout: string;
  /** Whether the terminal echoes and edits lines again as it did before. */
  readonly restored: boolean;
  /** How many steps never had their turn. */
  readonly unsaid: number;
  /** Whether the terminal still echoed when each step was typed ahead. */
  readonly echoed: readonly boolean[];
}

export const keys = {
  enter: "\r",
  backspace: "\u007f",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
  ctrlU: "\u0015",
  space: " ",
} as const;

/** Runs the program with stdin and stderr on a terminal of its own; stdout is a pipe unless said otherwise. */
export async function runOnTerminal(
  args: readonly string[],
  options: Pick<RunOptions, "home" | "env" | "cwd" | "program"> & { stdout?: "pipe" | "terminal"; columns?: number },
  talk: readonly (Step | Ahead)[] = [],
): Promise<TerminalResult> {
  const python = spawn("python3", [fileURLToPath(new URL("terminal.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.stdin.end(
    JSON.stringify({
      argv: [...commandOf(options.program), ...args],
      env: environment({ ...options, env: { TERM: "xterm-256color", ...options.env } }),
      cwd: options.cwd,
      stdout: options.stdout,
      columns: options.columns,
      talk,
    }),
  );
  let said = "";
  for await (const part of python.stdout.setEncoding("utf8")) said += part as string;
  return JSON.parse(said) as TerminalResult;
}
