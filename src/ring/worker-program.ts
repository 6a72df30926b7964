/** What a thread is started with: a file of the build, or the same code from inside the one file evseal was made into. */
import { getAsset, isSea } from "node:sea";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Starts a thread at worker/entry.ts. Throws what Worker throws. */
export function startThread(options: WorkerOptions): Worker {
  if (isSea()) return new Worker(getAsset("worker.js", "utf8"), { ...options, eval: true }); // build/single-file.js
  return new Worker(new URL("../worker/entry.js", import.meta.url), options);
}
