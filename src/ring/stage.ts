import type { BlockRing } from "./block-ring.js";

/** One step that every block of a ring passes. */
export interface Stage<Result> {
  /** Does its work on block `n`, whose turn it has; called in order. A promise is awaited before the block is handed on. */
  work(n: number): void | Promise<void>;
  /** How many blocks may be under way at once, when `work` gives promises: one unless it says more. */
  readonly atOnce?: number;
  /** After the last block: what it has found out. */
  finish(): Result | Promise<Result>;
  /** After `finish`, and after any failure: lets go of everything it holds. Never throws. */
  close(): void;
}

/** A stage that can begin in any thread, from data that can be sent there. */
export interface StageKind<Data, Result> {
  readonly name: string;
  start(ring: BlockRing, data: Data): Stage<Result>;
}

/** A stage with its data; `isShared` when threads may take blocks in any order: at most one is, and it finds nothing. */
export interface StageUse<Result> {
  readonly name: string;
  /** Asked for once, before the first block; the memory of its lists goes to the stage's thread. */
  readonly data: () => unknown;
  readonly isShared: boolean;
  start(ring: BlockRing): Stage<Result>;
}

export function useStage<Data, Result>(
  kind: StageKind<Data, Result>,
  data: () => Data,
  isShared = false,
): StageUse<Result> {
  return { name: kind.name, data, isShared, start: (ring) => kind.start(ring, data()) };
}
