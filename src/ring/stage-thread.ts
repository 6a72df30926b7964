import { EvsealError, fault, type ErrorCode } from "../errors.js";
import { escapeJson } from "../unsafe-name.js";
import { BlockRing, RingStopped, type RingShape } from "./block-ring.js";
import type { Stage, StageKind } from "./stage.js";

/** What a thread is given. The payload key is not among it: it stays in the ring. */
export interface ThreadWork {
  readonly shape: RingShape;
  /** The stage that this thread alone has; one without does nothing but share. */
  readonly own?: ThreadStage;
  /** The stage that all threads share, each in what time its own leaves it. */
  readonly shared?: ThreadStage;
}

export interface ThreadStage {
  readonly name: string;
  readonly data: unknown;
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

/** All that a thread does: its own stage on every block, and the shared one where it helps. Never rejects. */
export async function runStageThread(
  { shape, own, shared }: ThreadWork,
  stages: Readonly<Record<string, FindStage>>,
): Promise<ThreadEnd> {
  const ring = new BlockRing(shape);
  const begun: Stage<unknown>[] = [];
  const begin = async ({ name, data }: ThreadStage): Promise<Stage<unknown>> => {
    const kind = await stages[name]?.();
    if (kind === undefined) throw fault(`there is no stage ${name}`);
    const stage = kind.start(ring, data as never); // what useStage has put together
    begun.push(stage);
    return stage;
  };
  try {
    const sharing = shared && new Sharing(ring, await begin(shared), shared.turn);
    if (own === undefined) {
      sharing?.doAll();
      return { result: null };
    }
    const stage = await begin(own);
    await doOwn(ring, stage, own.turn, sharing);
    return { result: await stage.finish() };
  } catch (cause) {
    if (cause instanceof RingStopped || !ring.stop()) return { stopped: true };
    return { error: toldOf(cause) };
  } finally {
    for (const stage of begun) stage.close();
  }
}

/** A stage's work on every block, in order. While it cannot go on, the thread does what is there to be shared. */
async function doOwn(ring: BlockRing, stage: Stage<unknown>, turn: number, sharing?: Sharing): Promise<void> {
  const { atOnce = 1 } = stage;
  const underWay = new Set<Promise<void>>();
  const keep = (working: Promise<void>, n: number): void => {
    const kept = working.then(() => {
      ring.passOn(n, turn);
      underWay.delete(kept);
    });
    kept.catch(() => undefined); // whoever waits for it hears of it; when another has failed, nobody waits
    underWay.add(kept);
  };
  try {
    for (let n = 0; n < ring.blockCount; n++) {
      for (;;) {
        const state = ring.state(n); // before anything else is looked at: what comes later wakes us
        if (ring.isTurn(n, turn, state) && underWay.size < atOnce) break;
        const helped = sharing?.doOne() ?? false;
        if (helped && underWay.size > 0) await new Promise(setImmediate);
        else if (underWay.size > 0) await Promise.race(underWay);
        else if (!helped) ring.awaitChange(n, state);
      }
      const working = stage.work(n);
      if (working === undefined) ring.passOn(n, turn);
      else keep(working, n);
    }
    await Promise.all(underWay);
    while (sharing?.doOne() === true); // those behind may have some left
  } finally {
    await Promise.allSettled(underWay); // nothing is closed under them
  }
}

/** The stage that threads share: each block is anybody's who is free. */
class Sharing {
  readonly #ring: BlockRing;
  readonly #stage: Stage<unknown>;
  readonly #turn: number;

  constructor(ring: BlockRing, stage: Stage<unknown>, turn: number) {
    this.#ring = ring;
    this.#stage = stage;
    this.#turn = turn;
  }

  /** Whether there was a block that nobody had to wait for. */
  doOne(): boolean {
    const n = this.#ring.claimReady(this.#turn);
    if (n !== undefined) this.#do(n);
    return n !== undefined;
  }

  /** Waits for blocks until all are taken. */
  doAll(): void {
    for (let n = this.#ring.claim(); n !== undefined; n = this.#ring.claim()) {
      this.#ring.awaitTurn(n, this.#turn);
      this.#do(n);
    }
  }

  #do(n: number): void {
    if (this.#stage.work(n) !== undefined) throw fault("a shared stage that does not end");
    this.#ring.passOn(n, this.#turn);
  }
}

/** Whatever else was thrown may carry paths, names or secrets in its message. */
function toldOf(cause: unknown): ToldError {
  const { code, message, hint, subject } = cause instanceof EvsealError ? cause : fault("a thread failed");
  return { code, message, hint, ...(subject !== undefined && { subjectJson: escapeJson(subject) }) };
}
