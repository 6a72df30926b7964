import { close, closeSync, constants, fdatasync, fsync, futimesSync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { fileMode, output, outputSync } from "./durable.js";

/** A disk that is told early what to keep has little left to do at the end. */
const flushEverySizeBytes = 32 * 1024 * 1024;

/**
 * A new file, never an existing one, never through a link, that is written in the thread that asks while the disk keeps
 * in another what was written before. Throws what `outputError` makes of a failure.
 */
export class DurableFile {
  readonly #descriptor: number;
  #isClosed = false;
  #unflushedSizeBytes = 0;
  readonly #flushes: Promise<unknown>[] = [];

  constructor(path: string) {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    this.#descriptor = outputSync(() => openSync(path, flags, fileMode));
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      at += outputSync(() => writeSync(this.#descriptor, bytes, at, bytes.length - at));
    }
    this.#unflushedSizeBytes += bytes.length;
    if (this.#unflushedSizeBytes < flushEverySizeBytes) return;
    this.#unflushedSizeBytes = 0;
    // Kept as a value until `finish` looks at it: the system tells a failed write to one caller only.
    this.#flushes.push(output(promisify(fdatasync)(this.#descriptor)).catch((cause: unknown) => ({ cause })));
  }

  /** Resolves when it is durable, with this time of change, and closed. */
  async finish(modifiedMs: number): Promise<void> {
    const time = new Date(modifiedMs); // a negative number would be the present, for node
    outputSync(() => futimesSync(this.#descriptor, time, time));
    try {
      const [failure] = (await Promise.all(this.#flushes)).filter((flushed) => flushed !== undefined);
      if (failure !== undefined) throw (failure as { cause: Error }).cause;
      await output(promisify(fsync)(this.#descriptor));
    } finally {
      this.#isClosed = true;
      await output(promisify(close)(this.#descriptor));
    }
  }

  /** Gives up a file that will not be finished. Never throws. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    void Promise.all(this.#flushes).then(() => {
      try {
        closeSync(this.#descriptor);
      } catch {
        // what made us stop is what the caller must hear of
      }
    });
  }
}
