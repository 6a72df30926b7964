import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { errorOf, run, type RunResult } from "../cli/run.js";
import type { Case, Judgement } from "./judge.js";
import type { Verdict } from "./campaign.js";
import { readLog, shimEnvironment, type Call, type Fault, type Log } from "./shim.js";
import { newFolder, type World } from "./world.js";

export type Command = "pack" | "open";

/** Where one run takes place, with nothing in it. */
export interface Place {
  readonly folder: string;
  readonly out: string;
  readonly cwd: string;
  readonly tmp: string;
  /** HOME, beside which nothing of EVSEAL_HOME stands. */
  readonly home: string;
}

/** What one run may do; whatever it does besides is a violation. */
export interface Expectation {
  /** `null` is death by SIGKILL. */
  readonly codes: readonly (number | null)[];
  /** The error that it must name, when it names one. */
  readonly says?: string;
  /** The remains that SIGKILL leaves, or a disk that refuses to remove them. */
  readonly remains?: boolean;
  /** A result that is complete although the run failed or was killed: all was done but to say so. */
  readonly doneAllTheSame?: boolean;
}

export interface Trial {
  readonly command: Command;
  readonly fault?: Fault;
  readonly place?: Place;
  /** What is packed, where it is not the world's own. */
  readonly source?: { readonly path: string; readonly states: () => Pick<Case, "sources" | "listings"> };
  /** Folders that stand in for `out` when it is judged. */
  readonly outs?: readonly string[];
  /** Does what evseal must not, before it is judged: a campaign that does not see it would see nothing. */
  readonly plant?: (place: Place) => void;
}

export interface Ran extends RunResult, Log {
  readonly judgements: readonly Judgement[];
}

export function newPlace(world: World): Place {
  const folder = newFolder(world);
  const place = { folder, ...inside(folder, ["out", "cwd", "tmp", "home"]) };
  for (const each of [place.out, place.cwd, place.tmp, place.home]) mkdirSync(each);
  return place;
}

/**
 * A copy of what the world packs, just made: a file that nobody has written to for two minutes is read in fewer calls
 * (media/open-source.ts), and a campaign takes longer than that.
 */
export function newSource({ source }: World, folder: string): string {
  const copy = path.join(folder, path.basename(source));
  cpSync(source, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

function inside<Name extends string>(folder: string, names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, path.join(folder, name)])) as Record<Name, string>;
}

/** Runs a command under the shim and has what is left of it judged. */
export async function tryOut(world: World, trial: Trial): Promise<Ran & { readonly place: Place }> {
  const { command, fault, place = newPlace(world) } = trial;
  const home = command === "pack" ? world.homes.sender : world.homes.receiver;
  const source = command === "pack" ? (trial.source?.path ?? newSource(world, place.folder)) : world.source;
  const roles = { out: place.out, source, package: world.sealed, home };
  const log = path.join(place.folder, "calls");
  const environment = shimEnvironment(world.shim, roles, log, fault);
  const ended = await run([...wordsFor(world, command, source, place), "--json"], {
    home,
    cwd: place.cwd,
    env: { ...environment, HOME: place.home, TMPDIR: place.tmp },
  });
  const logged = readLog(log);
  trial.plant?.(place);
  // What was to stand in for the output folder is not there unless the fault has put it there.
  const judgements = await judgeAll(world, trial, outsOf(trial, { place, ...logged }));
  return { ...ended, ...logged, judgements, place };
}

const cleanRuns = new WeakMap<World, Partial<Record<Command, Promise<readonly Call[]>>>>();

/** The calls of a run that nothing disturbs; throws unless it succeeds. Every campaign starts from them. */
export async function cleanCalls(world: World, command: Command): Promise<readonly Call[]> {
  const known = cleanRuns.get(world) ?? {};
  cleanRuns.set(world, known);
  known[command] ??= tryOut(world, { command }).then((ran) => {
    const wrong = violationsOf(world, { command }, ran, { codes: [0] });
    if (wrong.length > 0) throw new Error(wrong.join("; "));
    return ran.calls;
  });
  return await known[command];
}

function wordsFor(world: World, command: Command, source: string, { out }: Place): readonly string[] {
  if (command === "open") return ["open", world.sealed, "--out", out];
  return [...world.packing.map((word) => (word === world.source ? source : word)), "--out", out];
}

export async function judgeAll(
  { judge, senderKey, homes, sources }: World,
  { command, source }: Pick<Trial, "command" | "source">,
  outs: readonly string[],
): Promise<Judgement[]> {
  const identity = path.join(homes.receiver, "receiving.age");
  const makes = command === "pack" ? "package" : "opened";
  const expected = source?.states() ?? { sources };
  return await Promise.all(
    outs.map((folder) => judge.judge({ folder, makes, sender: senderKey, identity, ...expected })),
  );
}

function isReached({ fault }: Trial, { firedAt }: Pick<Ran, "firedAt">): boolean {
  return fault === undefined || firedAt !== undefined;
}

function outsOf(trial: Trial, ran: Pick<Ran, "firedAt"> & { place: Place }): readonly string[] {
  return isReached(trial, ran) ? (trial.outs ?? [ran.place.out]) : [ran.place.out];
}

/** What came of a run; one that its fault did not reach must be as good as one that nothing disturbs. */
export function verdictOf(world: World, trial: Trial, ran: Ran & { place: Place }, may: Expectation): Verdict {
  const reached = isReached(trial, ran);
  return { violations: violationsOf(world, trial, ran, reached ? may : { codes: [0] }), reached, hit: ran.hit };
}

/** Everything that is wrong with how a run has ended and with what it has left. */
export function violationsOf(world: World, trial: Trial, ran: Ran & { place: Place }, may: Expectation): string[] {
  const { code, stdout, stderr, judgements, place } = ran;
  const wrong: string[] = judgements.flatMap(({ violations }) => violations);
  const complete = judgements.flatMap(({ results }) => results).length;
  const partials = judgements.flatMap((judgement) => judgement.partials).length;
  const said = stdout.includes('{"error"') ? errorOf(ran).code : stderr.split("\n")[0];

  if (!may.codes.includes(code)) wrong.push(`exit code ${code ?? "SIGKILL"} (${said ?? ""}), not ${may.codes.join()}`);
  if (code !== 0 && may.says !== undefined && said !== may.says) wrong.push(`says ${said ?? ""}, not ${may.says}`);
  if (code === 0 && complete !== 1) wrong.push(`exit code 0 with ${complete} results`);
  if (code !== 0 && complete > 0 && may.doneAllTheSame !== true)
    wrong.push(`a result under a final name (${said ?? ""})`);
  if (partials > 0 && may.remains !== true) wrong.push(`a staging folder is left (${said ?? ""})`);
  if (stdout.includes('{"error"') && errorOf(ran).exitCode !== code) wrong.push("the document has another exit code");

  for (const folder of [place.cwd, place.tmp, place.home]) {
    if (readdirSync(folder).length > 0) wrong.push(`wrote into ${path.basename(folder)}`);
  }
  wrong.push(...world.canaries.leaksIn(stdout, "stdout"), ...world.canaries.leaksIn(stderr, "stderr"));
  if (trial.command === "pack") {
    for (const out of outsOf(trial, ran)) wrong.push(...world.canaries.leaksBelow(out, "out"));
  }
  return wrong;
}

/** One run and its verdict, on what the run itself shows where that matters; what it leaves is removed. */
export async function verdictIn(
  world: World,
  trial: Trial,
  may: Expectation | ((ran: Ran) => Expectation),
): Promise<Verdict> {
  const ran = await tryOut(world, trial);
  try {
    return verdictOf(world, trial, ran, typeof may === "function" ? may(ran) : may);
  } finally {
    rmSync(ran.place.folder, { recursive: true, force: true });
  }
}
