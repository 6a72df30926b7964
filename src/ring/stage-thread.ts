import { EvsealError, fault, type ErrorCode } from "../errors.js";
import { escapeJson } from "../unsafe-name.js";
import { BlockRing, RingStopped, type RingShape } from "./block-ring.js";
import type { Stage, StageKind } from "./stage.js";

/** What a thread is given. The payload key is not among it: it stays in the ring. */
export interface ThreadWork {
  readonly shape: RingShape;
  readonly name: string;
  readonly data: unknown;
  readonly isShared: boolean;
  readonly turn: number;
}

/** A failure as it crosses from one thread to another: no secret, no cause, no stack. */
export interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** The name in JSON: a class does not cross, and its exact text is not to be had otherwise. */
  readonly subjectJson?: string;
}

/** What a thread says at its end; of several failures only the first is told. */
export type ThreadEnd = { readonly result: unknown } | { readonly error: ToldError } | { readonly stopped: true };

export function retold({ code, message, hint, subjectJson }: ToldError): EvsealError {
  const subject = subjectJson === undefined ? undefined : (JSON.parse(subjectJson) as string);
  return new EvsealError(code, message, { hint, ...(subject !== undefined && { subject }) });
}

/** Loads the code of a stage. */
export type FindStage = () => Promise<StageKind<never, unknown>>;

/** All that a thread does: its stage on every block that is its turn. Never rejects. */
export async function runStageThread(
  { shape, name, data, isShared, turn }: ThreadWork,
  stages: Readonly<Record<string, FindStage>>,
): Promise<ThreadEnd> {
  const ring = new BlockRing(shape);
  let stage: Stage<unknown> | undefined;
  try {
    const kind = await stages[name]?.();
    if (kind === undefined) throw fault(`there is no stage ${name}`);
    stage = kind.start(ring, data as never); // what useStage has put together
    const underWay = new Set<Promise<void>>();
    for (let n = 0, next = firstOf(ring, isShared); next !== undefined; next = nextOf(ring, isShared, n)) {
      n = next;
      if (!ring.hasTurn(n, turn)) await Promise.all(underWay); // the others may be waiting for what this thread holds
      ring.awaitTurn(n, turn);
      const working = stage.work(n);
      if (working === undefined) ring.passOn(n, turn);
      else await begun(passing(ring, working, n, turn), underWay, stage.atOnce ?? 1);
    }
    await Promise.all(underWay);
    return { result: await stage.finish() };
  } catch (cause) {
    if (cause instanceof RingStopped || !ring.stop()) return { stopped: true };
    return { error: toldOf(cause) };
  } finally {
    stage?.close();
  }
}

async function passing(ring: BlockRing, working: Promise<void>, n: number, turn: number): Promise<void> {
  await working;
  ring.passOn(n, turn);
}

/** Takes `work` among what is under way, and waits until there is room for more. Throws the first failure of any. */
async function begun(work: Promise<void>, underWay: Set<Promise<void>>, cap: number): Promise<void> {
  const kept = work.then(() => void underWay.delete(kept));
  kept.catch(() => undefined); // whoever waits for it hears of it; when another has failed, nobody waits
  underWay.add(kept);
  if (underWay.size >= cap) await Promise.race(underWay);
}

function firstOf(ring: BlockRing, isShared: boolean): number | undefined {
  return isShared ? ring.claim() : 0;
}

function nextOf(ring: BlockRing, isShared: boolean, n: number): number | undefined {
  if (isShared) return ring.claim();
  return ring.isLast(n) ? undefined : n + 1;
}

/** Whatever else was thrown may carry paths, names or secrets in its message. */
function toldOf(cause: unknown): ToldError {
  const { code, message, hint, subject } = cause instanceof EvsealError ? cause : fault("a thread failed");
  return { code, message, hint, ...(subject !== undefined && { subjectJson: escapeJson(subject) }) };
}
