/** How the work passes through threads; worker/entry.ts is the other side. */
import type { Worker } from "node:worker_threads";
import { fault } from "../errors.js";
import { interrupted, throwIfInterrupted, type Phase, type Watch } from "../watch.js";
import type { BlockRing } from "./block-ring.js";
import { memoryOfLists } from "./packed-list.js";
import type { Stage, StageUse } from "./stage.js";
import { retold, type ThreadEnd, type ThreadWork } from "./stage-thread.js";
import { startThread } from "./worker-program.js";

/** Payloads up to this are done in one thread: they are done before others have started. */
const oneThreadCapBytes = 16 * 1024 * 1024;
const slotsOfThreads = 9;
const sharersCap = 4;
const progressIntervalMs = 100;

/** How the work is spread. `cores` is what the machine has; left out, the stages take turns in this thread. */
export interface Spread {
  readonly cores: number;
}

/** How many slots a ring needs for a payload of this size. */
export function slotsFor(payloadSizeBytes: number, { cores }: Spread): number {
  return inOneThread(payloadSizeBytes, cores) ? 1 : slotsOfThreads;
}

function inOneThread(payloadSizeBytes: number, cores: number): boolean {
  return cores < 2 || payloadSizeBytes <= oneThreadCapBytes;
}

/**
 * Takes every block of `ring` through `stages`, in their order, and gives what each has found. Wipes the ring, always.
 * Throws the first failure of any stage, and INTERRUPTED; when it does, no stage runs any more.
 */
export async function runPipeline<Results extends readonly unknown[]>(
  ring: BlockRing,
  stages: { readonly [Index in keyof Results]: StageUse<Results[Index]> },
  { cores }: Spread,
  watch: Watch,
  phase: Phase,
): Promise<Results> {
  const { payloadSizeBytes, slots } = ring.shape;
  const report = (): void => watch.progress(phase, ring.doneSizeBytes, payloadSizeBytes);
  try {
    report();
    throwIfInterrupted(watch);
    const run = slots === 1 ? runInTurn : runInThreads;
    const results = await run(ring, stages, cores, watch, report);
    report();
    return results as unknown as Results;
  } finally {
    ring.wipe();
  }
}

async function runInTurn(
  ring: BlockRing,
  uses: readonly StageUse<unknown>[],
  _cores: number,
  watch: Watch,
  report: () => void,
): Promise<readonly unknown[]> {
  const stages: Stage<unknown>[] = [];
  try {
    for (const use of uses) stages.push(use.start(ring));
    for (let n = 0; n < ring.blockCount; n++) {
      for (const stage of stages) await stage.work(n);
      ring.countDone();
      report();
      await new Promise(setImmediate); // a signal is heard between blocks
      throwIfInterrupted(watch);
    }
    const results: unknown[] = [];
    for (const stage of stages) results.push(await stage.finish());
    return results;
  } finally {
    for (const stage of stages) stage.close();
  }
}

async function runInThreads(
  ring: BlockRing,
  uses: readonly StageUse<unknown>[],
  cores: number,
  watch: Watch,
  report: () => void,
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const stopFor = (cause: unknown): void => {
    if (ring.stop()) failures.push(cause);
  };
  const onAbort = (): void => stopFor(interrupted());
  watch.signal.addEventListener("abort", onAbort);
  const reporting = setInterval(report, progressIntervalMs);
  try {
    const ends = await Promise.all(
      threadWorks(ring, uses, cores).map(async (work) => {
        const end = await runThread(work, stopFor);
        if (end !== undefined && "error" in end) failures.push(retold(end.error));
        return { turn: work.own?.turn, end };
      }),
    );
    if (failures.length > 0) throw failures[0];
    const results: unknown[] = uses.map(() => null);
    for (const { turn, end } of ends) {
      if (end === undefined || !("result" in end)) throw fault("a thread ended without what it was asked for");
      if (turn !== undefined) results[turn] = end.result;
    }
    return results;
  } finally {
    clearInterval(reporting);
    watch.signal.removeEventListener("abort", onAbort);
  }
}

/** A thread for every stage that is not shared, and one for each core that is left. */
function threadWorks({ shape }: BlockRing, uses: readonly StageUse<unknown>[], cores: number): readonly ThreadWork[] {
  const stages = uses.map(({ name, data, isShared }, turn) => ({ stage: { name, data: data(), turn }, isShared }));
  const shared = stages.find(({ isShared }) => isShared)?.stage;
  const work = { shape, ...(shared && { shared }) };
  const owners = stages.filter(({ isShared }) => !isShared);
  const sharers = shared === undefined ? 0 : Math.min(Math.max(0, cores - owners.length), sharersCap);
  return [...owners.map(({ stage }) => ({ ...work, own: stage })), ...Array.from({ length: sharers }, () => work)];
}

/** Resolves when the thread has ended, however it ended: one that dies stops all others. Never rejects. */
async function runThread(work: ThreadWork, stopFor: (cause: unknown) => void): Promise<ThreadEnd | undefined> {
  return await new Promise((resolve) => {
    let end: ThreadEnd | undefined;
    const died = (cause: unknown): void => stopFor(fault("a thread died", cause));
    let thread: Worker;
    try {
      thread = startThread({
        workerData: work,
        transferList: [...memoryOfLists(work.own?.data)],
        env: {},
        execArgv: [],
        stdout: true,
        stderr: true,
        trackUnmanagedFds: true,
        resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 1024 },
      });
    } catch (cause) {
      died(cause);
      resolve(undefined);
      return;
    }
    thread.once("message", (said: ThreadEnd) => (end = said)); // worker/entry.ts says nothing else
    thread.once("error", died);
    thread.once("exit", () => {
      if (end === undefined) died(undefined);
      resolve(end);
    });
  });
}
