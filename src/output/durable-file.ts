import {
  close,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsync,
  futimesSync,
  openSync,
  write,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";
import { pageSizeBytes } from "../ring/block-ring.js";
import { isRefusedDirect, openDirect } from "./direct-io.js";
import { fileMode, outputAside, outputError, outputSync } from "./durable.js";
import type { QuickerWay } from "./quicker-way.js";

/** A disk that is told early what to keep has little left to do at the end. */
const flushEverySizeBytes = 32 * 1024 * 1024;
/** How many times it may have been told before it has kept the first of these: progress is what a disk has, not memory. */
const flushesCap = 4;

/**
 * A new file, never an existing one, never through a link, written from its beginning to its end. Throws what
 * `outputError` makes of a failure.
 */
export class DurableFile {
  readonly #descriptor: number;
  /** The same file past the page cache (open(2), O_DIRECT), where it was asked for and the file system has it. */
  #direct: number | undefined;
  readonly #quicker: QuickerWay | undefined;
  #sizeBytes = 0;
  #isClosed = false;
  #unflushedSizeBytes = 0;
  readonly #flushes = new Set<Promise<void>>();
  readonly #writes = new Set<Promise<void>>();
  /** The first failure that nobody may have waited for: `finish` tells it. */
  #failure: Error | undefined;

  /** `quicker` makes it one that can be written both ways; several files share what it knows of their disk. */
  constructor(path: string, quicker?: QuickerWay) {
    this.#quicker = quicker;
    const flags = constants.O_WRONLY | constants.O_NOFOLLOW;
    this.#descriptor = outputSync(() => openSync(path, flags | constants.O_CREAT | constants.O_EXCL, fileMode));
    try {
      if (quicker !== undefined) this.#direct = outputSync(() => openDirect(path, flags));
      this.#requireOneFile();
    } catch (cause) {
      this.abandon();
      throw cause;
    }
  }

  /** Through the page cache, in the thread that asks, while the disk keeps in another what was written before. */
  write(bytes: Uint8Array): void {
    this.#copy(bytes, this.#reserve(bytes));
    this.#flushFor(bytes);
  }

  /**
   * For many bytes, which must stay as they are until it resolves; several of these may be under way at once. In a file
   * that can be written both ways they begin at a page, in the file and in memory, and go the quicker one: another thread
   * writes them past the page cache, or this one copies them into it at once. It resolves when the disk has followed.
   */
  writeAside(bytes: Uint8Array): Promise<void> {
    const writing = this.#writeAside(bytes, this.#reserve(bytes))
      .catch((cause: unknown) => {
        this.#keep(cause); // before the write counts as over: `finish` must not miss it
        throw cause;
      })
      .finally(() => this.#writes.delete(writing));
    writing.catch(() => undefined); // whoever waits hears of it, and so does `finish`
    this.#writes.add(writing);
    return writing;
  }

  #reserve({ length }: Uint8Array): number {
    const offset = this.#sizeBytes;
    this.#sizeBytes += length;
    return offset;
  }

  async #writeAside(bytes: Uint8Array, offset: number): Promise<void> {
    const taken = this.#quicker?.way === "direct" ? await this.#writeDirect(this.#quicker, bytes, offset) : 0;
    const begin = performance.now();
    this.#copy(bytes.subarray(taken), offset + taken);
    if (taken === 0) this.#quicker?.took("copied", bytes.length, performance.now() - begin);
    this.#flushFor(bytes);
    while (this.#flushes.size > flushesCap) await Promise.race(this.#flushes); // none rejects
  }

  /** Into the page cache. */
  #copy(bytes: Uint8Array, offset: number): void {
    for (let at = 0; at < bytes.length;) {
      at += outputSync(() => writeSync(this.#descriptor, bytes, at, bytes.length - at, offset + at));
    }
  }

  /** A disk has a memory of its own: what it took past the page cache, it has not kept yet either. */
  #flushFor({ length }: Uint8Array): void {
    this.#unflushedSizeBytes += length;
    if (this.#unflushedSizeBytes < flushEverySizeBytes) return;
    this.#unflushedSizeBytes = 0;
    // Kept until `finish` looks at it: the system tells a failed write to one caller only.
    const flushing = outputAside((done) => fdatasync(this.#descriptor, done))
      .catch((cause: unknown) => this.#keep(cause))
      .finally(() => this.#flushes.delete(flushing));
    this.#flushes.add(flushing);
  }

  /** How many bytes the disk took, in whole pages: the rest goes the ordinary way. */
  async #writeDirect(quicker: QuickerWay, bytes: Uint8Array, offset: number): Promise<number> {
    const wholeBytes = bytes.length - (bytes.length % pageSizeBytes);
    const direct = this.#direct;
    if (wholeBytes === 0 || direct === undefined) return 0;
    const call = async (): Promise<number> => {
      return (await promisify(write)(direct, bytes, 0, wholeBytes, offset)).bytesWritten;
    };
    try {
      return await quicker.timed("direct", call);
    } catch (cause) {
      if (isRefusedDirect(cause)) return 0;
      throw outputError(cause);
    }
  }

  /** Resolves when it is durable, with this time of change, and closed. */
  async finish(modifiedMs: number): Promise<void> {
    const time = new Date(modifiedMs); // a negative number would be the present, for node
    try {
      await this.#atRest();
      if (this.#failure !== undefined) throw this.#failure;
      this.#closeDirect();
      outputSync(() => futimesSync(this.#descriptor, time, time));
      await outputAside((done) => fsync(this.#descriptor, done));
    } finally {
      this.#isClosed = true;
      try {
        this.#closeDirect();
      } finally {
        await outputAside((done) => close(this.#descriptor, done));
      }
    }
  }

  /** Gives up a file that will not be finished. Never throws. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Not under a call that uses them: the next file would have their numbers.
    void this.#atRest().then(() => {
      for (const close of [() => this.#closeDirect(), () => closeSync(this.#descriptor)]) {
        try {
          close();
        } catch {
          // what made us stop is what the caller must hear of
        }
      }
    });
  }

  /** When no call uses the file any more: a write that ends may begin a flush. */
  async #atRest(): Promise<void> {
    await Promise.allSettled(this.#writes);
    await Promise.all(this.#flushes); // none rejects
  }

  #keep(cause: unknown): void {
    this.#failure ??= cause as Error; // `output` throws nothing else
  }

  /** Under the name of what was just made, another file may stand by now. Throws OUTPUT_FAILED. */
  #requireOneFile(): void {
    const direct = this.#direct;
    if (direct === undefined) return;
    const [found, made] = outputSync(() => [fstatSync(direct), fstatSync(this.#descriptor)] as const);
    if (found.dev !== made.dev || found.ino !== made.ino)
      throw outputError(new Error("it is not the one that was made"));
  }

  #closeDirect(): void {
    const descriptor = this.#direct;
    this.#direct = undefined;
    if (descriptor !== undefined) outputSync(() => closeSync(descriptor));
  }
}
