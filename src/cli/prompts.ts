/**
 * The only door to inquirer. It answers a closed stdin by never answering, which ends the program with exit code 0,
 * writes to stdout, and colours by looking at stdout: none of it may happen here. It keeps no history. Passphrases do
 * not come this way (passphrase-prompt.ts). Each question throws INTERRUPTED on Ctrl-C, Ctrl-D, on `signal`, and when
 * stdin closes.
 */
import inquirer from "inquirer";
import { fault } from "../errors.js";
import { escape } from "../unsafe-name.js";
import { interrupted } from "../watch.js";
import { whileAsking } from "./quiet-keyboard.js";

const interruptions = new Set(["ExitPromptError", "AbortPromptError", "CancelPromptError"]);

const plain = (text: string): string => text;
const theme = {
  prefix: "evseal:",
  icon: { checked: "[x]", unchecked: "[ ]", cursor: "> ", disabledChecked: "[x]", disabledUnchecked: "   " },
  style: {
    message: plain,
    answer: plain,
    error: (text: string) => `evseal: ${text}`,
    help: plain,
    highlight: plain,
    disabled: plain,
    description: plain,
    defaultAnswer: plain,
    confirmDefault: (text: string) => text.toUpperCase(),
    keysHelpTip: () => "(arrows move, space chooses, Enter ends)",
  },
};

/** What is wrong with an answer, in words; undefined when it can be used. The question is then asked again. */
export type Judge<T> = (answer: T) => string | undefined | Promise<string | undefined>;

/** One line of text. */
export async function askLine(question: string, signal: AbortSignal, judge?: Judge<string>): Promise<string> {
  return await ask({ type: "input", message: escape(question), ...judged(judge), theme }, signal);
}

export interface Choice<T> {
  readonly name: string;
  /** Shown while the cursor is on it. */
  readonly description: string;
  /** Why it cannot be chosen. */
  readonly disabled?: string | undefined;
  readonly value: T;
}

/** At least one of `choices`. */
export async function askForSome<T>(
  question: string,
  choices: readonly Choice<T>[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const shown = choices.map(({ name, description, disabled, value }) => ({
    name: escape(name),
    description: escape(description),
    disabled: disabled === undefined ? false : escape(disabled),
    value,
  }));
  const atLeastOne = judged((chosen: readonly unknown[]) => (chosen.length > 0 ? undefined : "choose one with space"));
  const shortcuts = { all: null, invert: null };
  const message = escape(question);
  return await ask({ type: "checkbox", message, choices: shown, loop: false, shortcuts, ...atLeastOne, theme }, signal);
}

export async function askYesOrNo(question: string, signal: AbortSignal): Promise<boolean> {
  return await ask({ type: "confirm", message: escape(question), theme }, signal);
}

function judged<T>(judge: Judge<T> = () => undefined): { validate: (answer: T) => Promise<string | true> } {
  return {
    validate: async (answer) => {
      const complaint = await judge(answer);
      return complaint === undefined ? true : escape(complaint);
    },
  };
}

function ask<T>(question: object, signal: AbortSignal): Promise<T> {
  return whileAsking(() => askWithInquirer(question, signal));
}

async function askWithInquirer<T>(question: object, signal: AbortSignal): Promise<T> {
  const closed = new AbortController();
  const onClosed = (): void => closed.abort();
  const prompt = inquirer.createPromptModule({
    output: process.stderr,
    signal: AbortSignal.any([signal, closed.signal]),
  });
  // Ctrl-D makes inquirer's reader stop reading and say nothing; a terminal that goes away ends the stream.
  for (const event of ["pause", "end"]) process.stdin.once(event, onClosed);
  try {
    const questions = [{ name: "answer", ...question }] as unknown as Parameters<typeof prompt>[0];
    return ((await prompt(questions)) as { answer: T }).answer;
  } catch (error) {
    if (error instanceof Error && interruptions.has(error.name)) throw interrupted();
    throw fault("the question could not be asked", error);
  } finally {
    for (const event of ["pause", "end"]) process.stdin.removeListener(event, onClosed);
  }
}
