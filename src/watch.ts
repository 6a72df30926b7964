import { EvsealError } from "./errors.js";

/** What is going on, in words that a screen can show. While "listing", bytes are those of the files found so far. */
export const phases = ["listing", "sealing", "reading back", "verifying", "copying", "opening"] as const;

export type Phase = (typeof phases)[number];

/** How a caller follows long work and stops it. Progress carries no names: it may end up in a log. */
export interface Watch {
  /** Aborting makes the work reject with INTERRUPTED, leaving nothing behind. */
  readonly signal: AbortSignal;
  progress(phase: Phase, doneBytes: number, totalBytes: number): void;
}

/** Throws INTERRUPTED once `watch.signal` is aborted; long loops call it at every step. */
export function throwIfInterrupted(watch: Watch): void {
  if (watch.signal.aborted) throw interrupted();
}

export function interrupted(): EvsealError {
  return new EvsealError("INTERRUPTED", "interrupted", { hint: "nothing was left behind; start again when ready" });
}

/** Passes chunks on while it counts them to `watch` and stops when told to. Throws INTERRUPTED. */
export async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  watch: Watch,
  phase: Phase,
  totalBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let doneBytes = 0;
  watch.progress(phase, 0, totalBytes);
  for await (const chunk of chunks) {
    throwIfInterrupted(watch);
    yield chunk;
    doneBytes += chunk.length;
    watch.progress(phase, doneBytes, totalBytes);
  }
}

/** `watch` for one of several pieces of work that make up a phase: `doneBytes` of `totalBytes` are done already. */
export function partOf(watch: Watch, doneBytes: number, totalBytes: number): Watch {
  return {
    signal: watch.signal,
    progress: (phase, doneOfPart) => watch.progress(phase, doneBytes + doneOfPart, totalBytes),
  };
}
