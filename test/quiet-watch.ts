import type { Watch } from "../src/watch.js";

/** A watch that nobody looks at and, without a signal, nobody stops. */
export function quietWatch(signal: AbortSignal = new AbortController().signal): Watch {
  return { signal, progress: () => undefined };
}
