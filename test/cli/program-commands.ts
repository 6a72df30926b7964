import type { Command } from "commander";
import { buildProgram } from "../../src/cli/program.js";
import type { Session } from "../../src/cli/session.js";
import { version } from "../../src/version.js";

/** The definitions that the program runs with; none of them may be run here. */
export const program = buildProgram(version, {} as Session);

/** Each command that the help shows by what a person types: `contacts` and `contacts add`, but not `evseal` itself. */
export const programCommands: ReadonlyMap<string, Command> = new Map(namedBelow(program, ""));

function namedBelow(parent: Command, prefix: string): [string, Command][] {
  const shown = parent.createHelp().visibleCommands(parent);
  return shown
    .filter((command) => command.name() !== "help")
    .flatMap((command): [string, Command][] => {
      const name = prefix + command.name();
      return [[name, command], ...namedBelow(command, `${name} `)];
    });
}
