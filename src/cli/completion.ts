import type { Command, Option } from "commander";

/** What can stand where the cursor is: one of these words, a contact, or a file, which the shell knows best. */
export type Completion = readonly string[] | "contacts" | "files";

/** From the definitions of the commands themselves, so that it cannot drift. `words` ends with the one being typed. */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  let command = program;
  for (const word of before) command = command.commands.find((each) => each.name() === word) ?? command;

  const visible = [...command.createHelp().visibleOptions(command), ...(command === program ? [] : program.options)];
  const pending = visible.find((option) => takesValue(option) && option.long === before.at(-1));
  if (pending !== undefined) return valuesOf(pending);
  if (current.startsWith("-")) return visible.flatMap(({ long }) => long ?? []);
  const commands = command.createHelp().visibleCommands(command);
  if (commands.length > 0) return commands.map((each) => each.name());
  return command.registeredArguments.some((argument) => argument.name() === "unit") ? "contacts" : "files";
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function valuesOf(option: Option): Completion {
  if (option.argChoices !== undefined) return option.argChoices;
  return option.long === "--to" ? "contacts" : "files";
}
