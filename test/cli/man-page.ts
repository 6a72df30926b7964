import type { Argument, Command, Option } from "commander";
import { exitMeanings } from "../../src/errors.js";
import { helpEndOf } from "../../src/cli/exit-help.js";
import { version } from "../../src/version.js";

/** Of this version's words: a page must have a date, and the day on which it was generated says nothing. */
const date = "November 26, 2026";

/** What the definitions of the commands do not say, because it is the same for all of them. */
const surroundings = {
  environment: [
    [
      "EVSEAL_HOME",
      "The folder of this unit's keys, contacts and policy (default: evseal in your configuration folder)",
    ],
    ["NO_COLOR", "No colours, as with --no-color"],
    ["TERM", "With dumb, nothing on the screen is rewritten, and what was left out is an error instead of a question"],
  ],
  files: [
    ["receiving.age", "The age identity that opens what is sealed to this unit"],
    ["signing.key", "The minisign secret key; signing.pub is the public one"],
    ["card.json", "The card that other units need"],
    ["contacts/", "The cards whose fingerprints were confirmed"],
    ["policy.json", "What the unit allows and demands"],
  ],
} as const;

/** The manual page of a command, named by what a person types, in mdoc(7). `all` are the pages there are. */
export function manPage(name: string, command: Command, all: readonly string[]): string {
  const isWhole = name === "";
  const { examples, exitCodes } = helpEndOf(command) ?? { examples: [], exitCodes: [] };
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...(isWhole ? [] : help.visibleGlobalOptions(command))];
  const commands = help.visibleCommands(command).filter((each) => each.name() !== "help");
  const arguments_ = command.registeredArguments;
  return [
    `.Dd ${date}`,
    `.Dt ${pageName(name).toUpperCase()} 1`,
    `.Os evseal ${version}`,
    ".Sh NAME",
    `.Nm ${pageName(name)}`,
    `.Nd ${escaped(isWhole ? "seal interview media before the disc leaves the building" : command.summary())}`,
    ".Sh SYNOPSIS",
    ".Nm evseal",
    ...(isWhole ? [] : [`.Cm ${name}`]),
    ...synopsis(command.usage()),
    ".Sh DESCRIPTION",
    ...sentences(command.description()),
    ...list(commands.map((each) => [`.Cm ${each.name()}`, each.summary() || each.description()])),
    ...list(arguments_.map((argument) => [`.Ar ${argument.name()}`, argumentText(argument)])),
    ".Sh OPTIONS",
    ...list(options.map((option) => [flagsOf(option), optionText(option)])),
    ...(isWhole
      ? [
          ".Sh ENVIRONMENT",
          ...list(surroundings.environment.map(([what, text]) => [`.Ev ${what}`, text])),
          ".Sh FILES",
          "In the folder that",
          ".Ev EVSEAL_HOME",
          "names:",
          ...list(surroundings.files.map(([what, text]) => [`.Pa ${what}`, text])),
        ]
      : []),
    ".Sh EXIT STATUS",
    ...list(exitCodes.map((code) => [`.Cm ${code}`, exitMeanings[code]])),
    ".Sh EXAMPLES",
    ".Bd -literal -offset indent",
    ...examples.map(escaped),
    ".Ed",
    ".Sh SEE ALSO",
    ...seeAlso(name, all),
    "",
  ].join("\n");
}

/** `contacts add` has the page evseal-contacts-add(1). */
export function pageName(name: string): string {
  return ["evseal", ...name.split(" ").filter(Boolean)].join("-");
}

function synopsis(usage: string): string[] {
  return usage.split(" ").map((word) => {
    if (word === "[options]") return ".Op Ar options";
    const name = word.replace(/[<>[\].]/g, "");
    const several = word.includes("...") ? " ..." : "";
    if (word.startsWith("--")) return `.Fl ${word.slice(1)}`;
    return word.startsWith("[") ? `.Op Ar ${name}${several}` : `.Ar ${name}${several}`;
  });
}

/** `-h, --help`, `--out <file>`, `--progress <how>`. */
function flagsOf({ flags }: Option): string {
  const [, short, long = "", value] = /^(?:-(\w), )?--([\w-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  return `.Fl ${short === undefined ? "" : `${short} , Fl `}-${long}${value === undefined ? "" : ` Ar ${value}`}`;
}

function optionText({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? "" : ` (${argChoices.join(", ")}; default: ${String(defaultValue)})`;
  return description + choices;
}

function argumentText({ description, argChoices }: Argument): string {
  return description + (argChoices === undefined ? "" : ` (${argChoices.join(", ")})`);
}

function list(items: readonly (readonly [head: string, text: string])[]): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap(([head, text]) => [`.It ${head.slice(1)}`, ...sentences(text)]);
  return [".Bl -tag -width Ds", ...lines, ".El"];
}

/** Whole sentences, each on a line of its own, as mdoc wants them. */
function sentences(text: string): string[] {
  const whole = text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
  return whole.split(/(?<=\.) (?=[A-Z])/).map(escaped);
}

function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/, "\\&")
    .replace(
      /[^ -~]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? ""}]`,
    );
}

/** A command of a group knows its group; a group and the whole know what is below them. */
function seeAlso(name: string, all: readonly string[]): string[] {
  const near = all.filter(
    (other) => other !== name && (name === "" || other === "" || other.split(" ")[0] === name.split(" ")[0]),
  );
  const pages = [...near.map((other) => `.Xr ${pageName(other)} 1`).sort(), ".Xr age 1", ".Xr minisign 1"];
  return pages.sort().map((page, index) => (index < pages.length - 1 ? `${page} ,` : page));
}
