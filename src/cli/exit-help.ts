import type { Command } from "commander";
import { exitMeanings, type ExitCode } from "../errors.js";

/** What stands at the end of a command's help, and of its manual page. */
export interface HelpEnd {
  readonly examples: readonly string[];
  readonly exitCodes: readonly ExitCode[];
}

const helpEnds = new WeakMap<Command, HelpEnd>();

/**
 * Ends the help of `command` with examples and the exit codes that it can return. Whoever left out what to do gets the
 * short screen without them.
 */
export function endHelp(command: Command, examples: readonly string[], exitCodes: readonly ExitCode[]): Command {
  helpEnds.set(command, { examples, exitCodes });
  const lines = [
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
    "Exit codes:",
    ...exitCodes.map((code) => `  ${code.toString().padEnd(4)} ${exitMeanings[code]}`),
  ];
  return command.addHelpText("after", ({ error }) => (error ? "" : lines.join("\n")));
}

export function helpEndOf(command: Command): HelpEnd | undefined {
  return helpEnds.get(command);
}
