/** The only door to commander: the commands, the options of all of them, and what is wrong with a command line. */
import { Command, CommanderError, Option } from "commander";
import { EvsealError } from "../errors.js";
import { answerMissing } from "./answers.js";
import { endHelp } from "./exit-help.js";
import { addCompletionCommands } from "./completion-commands.js";
import { addContactCommands } from "./contact-commands.js";
import { addKeyCommands } from "./key-commands.js";
import { addPackageCommands } from "./package-commands.js";
import type { Session } from "./session.js";
import type { Manner } from "./ui.js";

/** `version` is what --version prints; `session` is made before the command line was read. */
export function buildProgram(version: string, session: Session): Command {
  const { ui } = session;
  const program = new Command("evseal")
    .description("Seals interview media to the receiving unit's key, before the disc leaves the building.")
    .usage("<command> [options]")
    .version(version, "--version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .option("--json", "print one JSON document on stdout, errors too")
    .option("--quiet", "say only results, warnings and errors")
    .addOption(
      new Option("--progress <how>", "how long work is followed: json gives a line of JSON each second on stderr")
        .choices(["auto", "none", "json"])
        .default("auto"),
    )
    .option("--no-color", "no colours, as NO_COLOR does")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => ui.page(text),
      // Who typed nothing but evseal gets their own standing instead (commands/standing.ts).
      writeErr: (text) => (program.args.length > 0 ? ui.pageOnStderr(text) : undefined),
      outputError: () => undefined, // said by usageError, in our own words
    })
    .exitOverride();
  addKeyCommands(program, session);
  addContactCommands(program, session);
  addPackageCommands(program, session);
  addCompletionCommands(program, session);
  return endHelp(
    program,
    ["evseal keygen --help", "evseal pack ./interview --to SCAS --out ./to-burn", "evseal check ./to-burn"],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 130],
  );
}

/** What was said about the manner of speaking; complete before commander complains about anything else. */
export function mannerOf(program: Command): Manner {
  return program.opts<Manner>();
}

/**
 * Reads the command line and runs the command it names. Throws what the command throws, and USAGE or ANSWER_MISSING
 * for a command line that is wrong; a help screen or the version is no failure.
 */
export async function runProgram(program: Command, words: readonly string[], session: Session): Promise<void> {
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.help" && program.args.length === 0) {
      const { standing } = await import("./commands/standing.js");
      throw await standing(session);
    }
    if (error.exitCode !== 0) throw usageError(error, nameOfCommand(program));
  }
}

/** `evseal pack`: as far as the command line names commands that there are. */
function nameOfCommand(program: Command): string {
  let command = program;
  let name = program.name();
  for (const word of program.args) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
    name += ` ${word}`;
  }
  return name;
}

/** commander's complaint without the values that were typed: they may be names of evidence, and stderr a log. */
function usageError({ code, message }: CommanderError, command: string): EvsealError {
  const [complaint = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const named = /'([^'=]*)/.exec(complaint)?.[1] ?? "";
  const help = `${command} --help shows what it takes`;
  const usage = (what: string, hint = help): EvsealError => new EvsealError("USAGE", what, { hint });
  const meant = suggestion?.replace(/^\(Did you mean (.*)\?\)$/, "did you mean $1? ").concat(help) ?? help;
  switch (code) {
    case "commander.missingArgument":
      return answerMissing(named, command);
    case "commander.optionMissingArgument":
      return usage(`nothing follows ${named}`);
    case "commander.invalidArgument":
      return usage(complaint.replace(/^.*?'([^']+)'.* (Allowed.*)\.$/, "$1 does not take that: $2").toLowerCase());
    case "commander.unknownOption":
      // What was typed stays unsaid: it may be the name of a file that begins with a dash.
      return usage("there is no such option", `${meant}; put -- before names that begin with a dash`);
    case "commander.unknownCommand":
      return usage("there is no such command", meant);
    case "commander.excessArguments":
      return usage(
        "there is more on the command line than the command takes",
        `put names with spaces in quotes; ${help}`,
      );
    case "commander.conflictingOption":
      return usage(complaint.replaceAll("'", "").replaceAll("option ", ""));
    case "commander.help":
      return usage("no command was given");
    default:
      return usage("the command line is wrong");
  }
}
