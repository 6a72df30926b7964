import { availableParallelism } from "node:os";
import { EvsealError, fault, type ExitCode } from "../errors.js";
import { version } from "../version.js";
import { interrupted } from "../watch.js";
import { homePlace } from "./home-place.js";
import { abortOnSignals } from "./interruption.js";
import { buildProgram, mannerOf, runProgram } from "./program.js";
import { Progress } from "./progress.js";
import { endQuiet, startQuiet } from "./quiet-keyboard.js";
import type { Session } from "./session.js";
import { Ui, type Manner } from "./ui.js";

const secondsToCleanUpAfterAFault = 10;

/**
 * Runs one command line (without node and script name) in this process and says everything there is to say about it.
 * `programRoot` is the folder that evseal is installed in; there is none where it is one file. Resolves to the exit code
 * and never rejects.
 */
export async function main(words: readonly string[], programRoot: string | undefined): Promise<ExitCode> {
  let manner = (): Manner => ({});
  const ui = new Ui(process.stdout, process.stderr, process.env, () => manner());
  const interruption = abortOnSignals(ui);
  const faults = watchForFaults(ui, interruption);
  process.removeAllListeners("warning"); // node's own warnings name paths of the machine

  if (process.stdin.isTTY && process.stdin.isRaw) startQuiet(); // as bin/evseal.cjs has begun
  let failure: EvsealError | undefined;
  try {
    const session = await startSession(ui, interruption.signal, programRoot);
    const program = buildProgram(version, session);
    manner = () => mannerOf(program);
    await runProgram(program, words, session);
  } catch (error) {
    failure = asEvsealError(error, interruption.signal);
    if (!faults.happened) ui.error(failure);
  } finally {
    endQuiet();
  }
  const unwritten = await ui.flushed();
  if (unwritten !== undefined && failure === undefined) ui.error(unwritten);
  faults.workIsDone = true;
  return faults.happened ? 1 : ((failure ?? unwritten)?.exitCode ?? 0);
}

async function startSession(ui: Ui, signal: AbortSignal, programRoot: string | undefined): Promise<Session> {
  const progress = new Progress(ui, () => performance.now());
  const canAsk = process.stdin.isTTY && process.stderr.isTTY;
  return {
    ui,
    homePath: await homePlace(process.env),
    canAsk,
    canGuide: canAsk && process.env["TERM"] !== "dumb",
    signal,
    watch: { signal, progress: (phase, doneBytes, totalBytes) => progress.report(phase, doneBytes, totalBytes) },
    cores: availableParallelism(),
    clock: () => new Date(),
    programRoot,
  };
}

/**
 * Something that nobody awaited failed, or the work came to rest without an end: a fault in evseal. Says so once, gives
 * the rooms below the chance to clean up, and does not wait for ever.
 */
function watchForFaults(ui: Ui, interruption: AbortController): { happened: boolean; workIsDone: boolean } {
  const faults = { happened: false, workIsDone: false };
  const fail = (error: unknown): void => {
    if (faults.happened) return;
    faults.happened = true;
    process.exitCode = 1; // main may have ended, or never will
    ui.error(asEvsealError(error, interruption.signal));
    interruption.abort();
    setTimeout(() => process.exit(1), secondsToCleanUpAfterAFault * 1000).unref();
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  process.once("beforeExit", () => {
    if (!faults.workIsDone) fail(fault("the work stopped without an end"));
  });
  return faults;
}

/** Whatever else is thrown may carry paths, names or secrets in its message: only its kind is shown. */
function asEvsealError(error: unknown, signal: AbortSignal): EvsealError {
  if (error instanceof EvsealError) return error;
  if (signal.aborted && error instanceof Error && error.name === "AbortError") return interrupted();
  return fault("something went wrong inside evseal", error);
}
