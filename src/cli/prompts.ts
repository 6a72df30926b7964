/**
 * The only door to inquirer. It answers a closed stdin by never answering, which ends the program with exit code 0, and
 * writes to stdout: neither may happen here. Passphrases do not come this way (passphrase-prompt.ts).
 */
import inquirer from "inquirer";
import { fault } from "../errors.js";
import { escape } from "./escape.js";
import { interrupted } from "../watch.js";

const interruptions = new Set(["ExitPromptError", "AbortPromptError", "CancelPromptError"]);

/** Without colours: inquirer decides about them by looking at stdout, which is not where it writes. */
const plain = (text: string): string => text;
const theme = { prefix: "evseal:", style: { message: plain, answer: plain } };

/** Asks for one line of text on the terminal. Throws INTERRUPTED on Ctrl-C, on `signal`, and when stdin closes. */
export async function askLine(question: string, signal: AbortSignal): Promise<string> {
  const closed = new AbortController();
  const onClosed = (): void => closed.abort();
  const prompt = inquirer.createPromptModule({
    output: process.stderr,
    signal: AbortSignal.any([signal, closed.signal]),
  });
  // Ctrl-D makes inquirer's reader stop reading and say nothing; a terminal that goes away ends the stream.
  for (const event of ["pause", "end"]) process.stdin.once(event, onClosed);
  try {
    const { answer } = await prompt<{ answer: string }>([
      { type: "input", name: "answer", message: escape(question), theme },
    ]);
    return answer;
  } catch (error) {
    if (error instanceof Error && interruptions.has(error.name)) throw interrupted();
    throw fault("the question could not be asked", error);
  } finally {
    for (const event of ["pause", "end"]) process.stdin.removeListener(event, onClosed);
  }
}
