/**
 * The only voice of evseal. The rules of how it speaks:
 *
 * - Results go to stdout and nothing else does; with --json that is exactly one document, also when something failed.
 * - Everything else goes to stderr: errors, warnings, notes, next steps, progress, questions.
 * - Lines on stderr begin with "evseal: ". Lower case, no full stop, one thought a line. On a terminal they are broken at
 *   its width, at spaces; elsewhere never: a log's line is a line.
 * - An error is its stable code and what happened, then a hint saying what to do. Never a stack, never a cause.
 * - --quiet leaves results, warnings, errors and questions.
 * - Whatever came from outside (a name, a path, a card, a package) is escaped; callers hand over text as it is.
 * - Progress is a number, never a name: it may end up in a log. It is rewritten in place on a terminal only, and not on
 *   one that cannot (TERM=dumb).
 * - Colours carry no meaning that the words do not.
 */
import { EvsealError } from "../errors.js";
import { coloursFor, type Colours } from "./colours.js";
import { escape, escapeJson } from "../unsafe-name.js";
import type { ErrorDocument } from "./json-documents.js";
import { formatRows, type Row } from "./row-format.js";
import { wrap } from "./wrap.js";

export type { Row };

/** What was said about the manner of speaking, anywhere on the command line. */
export interface Manner {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly progress?: "auto" | "none" | "json";
}

type Stream = NodeJS.WriteStream;

const voice = "evseal: ";
const usualColumns = 80;

export class Ui {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #manner: () => Manner;
  #progressShown = false;
  #documentPrinted = false;
  #failedWrite: NodeJS.ErrnoException | undefined;
  #written: Promise<void> = Promise.resolve();

  /** `manner` is asked each time: it is known only while the command line is being read. */
  constructor(stdout: Stream, stderr: Stream, environment: NodeJS.ProcessEnv, manner: () => Manner) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#environment = environment;
    this.#manner = manner;
    stdout.on("error", () => undefined); // each write's own callback has it
    stderr.on("error", () => undefined); // there is nowhere left to say so
  }

  /** A person reads what is said; otherwise it may end up in a log. */
  get onTerminal(): boolean {
    return this.#stderr.isTTY;
  }

  /** How progress is shown; --progress json is asked for by name, and so also shown with --quiet. */
  get progressManner(): "none" | "plain" | "rewritten" | "json" {
    const { progress, quiet } = this.#manner();
    if (progress === "json" || progress === "none") return progress;
    if (quiet) return "none";
    return this.#stderr.isTTY && this.#environment["TERM"] !== "dumb" ? "rewritten" : "plain";
  }

  /** A script reads the result, or why there is none. */
  get speaksJson(): boolean {
    return this.#manner().json === true;
  }

  /** A person reads the results; otherwise they may end up in a log. */
  get resultsOnTerminal(): boolean {
    return this.#stdout.isTTY;
  }

  /** The result of a command: `document` for scripts, or `rows` for people. */
  result(document: object, rows: readonly Row[]): void {
    this.#clearProgress();
    if (this.#documentPrinted) return; // a fault beside the work was the one document
    this.#documentPrinted = true;
    const colours = this.#colours(this.#stdout);
    if (this.#manner().json) this.#print(`${escapeJson(document)}\n`);
    else this.#print(formatRows(rows, colours));
  }

  /** Text that commander made: a help screen or the version. */
  page(text: string): void {
    this.#print(text);
  }

  /** A help screen that nobody asked for. */
  pageOnStderr(text: string): void {
    if (!this.#manner().json) this.#say(`${text}\n`);
  }

  note(text: string): void {
    if (!this.#manner().quiet) this.#sayLine(escape(text));
  }

  /** What to do now, in order. */
  next(...steps: readonly string[]): void {
    for (const step of steps) this.note(`next: ${step}`);
  }

  warn(text: string): void {
    this.#sayLine(`${this.#colours(this.#stderr).yellow("warning:")} ${escape(text)}`);
  }

  /** The one thing said about a failure: with --json a document, unless the command has printed its own already. */
  error(error: EvsealError): void {
    this.#clearProgress();
    if (this.#manner().json && !this.#documentPrinted) {
      const { code, message, hint, exitCode } = error;
      const document: ErrorDocument = { error: { code, message, hint, exitCode } };
      this.#print(`${escapeJson(document)}\n`);
      this.#documentPrinted = true;
      return;
    }
    const colours = this.#colours(this.#stderr);
    this.#sayLine(`${colours.red(`error ${error.code}:`)} ${escape(error.message)}`);
    // A log must not hold the name of a source (EvsealError.subject).
    if (error.subject !== undefined && this.onTerminal) this.#sayLine(`namely ${error.subject.toString()}`);
    this.#sayLine(`${colours.bold("hint:")} ${escape(error.hint)}`);
  }

  /** Shows a line, made for so many columns, in place of the line before; only where progress is "rewritten". */
  progress(lineFor: (columns: number) => string): void {
    this.#progressShown = true;
    this.#stderr.write(`\r${escape(lineFor(this.#columns))}\u001b[K`);
  }

  /** One line of JSON among what is said on stderr. */
  event(document: object): void {
    this.#say(`${escapeJson(document)}\n`);
  }

  /** What a question is about: lines and rows on stderr, where the question is. */
  show(rows: readonly Row[]): void {
    this.#say(formatRows(rows, this.#colours(this.#stderr)));
  }

  /** A question whose answer is typed after it on the same line. */
  ask(question: string): void {
    this.#say(`${this.#wrapped(`${voice}${escape(question)}:`)} `);
  }

  /** Ends the line of an answer that was not shown. */
  endOfAnswer(): void {
    this.#say("\n");
  }

  /** When all is written: what kept it from being written, unless the reader just stopped reading (`| head`). */
  async flushed(): Promise<EvsealError | undefined> {
    this.#clearProgress();
    await this.#written;
    if (this.#failedWrite === undefined || this.#failedWrite.code === "EPIPE") return undefined;
    return new EvsealError("OUTPUT_FAILED", "the result could not be written to standard output", {
      hint: "the work itself may be done: look before you run it again",
      cause: this.#failedWrite,
    });
  }

  /** A terminal that does not know its width says 0. */
  get #columns(): number {
    return this.#stderr.columns || usualColumns;
  }

  #wrapped(line: string): string {
    return this.#stderr.isTTY ? wrap(line, this.#columns, voice.length) : line;
  }

  #sayLine(text: string): void {
    this.#say(`${this.#wrapped(voice + text)}\n`);
  }

  #colours(stream: Stream): Colours {
    return coloursFor(stream, this.#environment, this.#manner().color !== false);
  }

  #print(text: string): void {
    const done = new Promise<void>((resolve) => {
      this.#stdout.write(text, (error) => {
        if (error) this.#failedWrite ??= error;
        resolve();
      });
    });
    this.#written = this.#written.then(() => done);
  }

  #say(text: string): void {
    this.#clearProgress();
    this.#stderr.write(text);
  }

  #clearProgress(): void {
    if (this.#progressShown) this.#stderr.write("\r\u001b[K");
    this.#progressShown = false;
  }
}
