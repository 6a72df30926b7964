import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  statfsSync,
  type BigIntStats,
} from "node:fs";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import type { UnsafeName } from "../unsafe-name.js";

/** Where a source stands, and what it was when it was found. */
export interface SourcePlace {
  /** Its path inside the package. */
  readonly path: string;
  /** Where that path begins. */
  readonly folder: string;
  readonly sizeBytes: number;
  readonly modified: string;
  readonly found: string;
}

/**
 * What is written through memory the kernel writes out within 35 seconds (Linux, vm.rst: dirty_expire_centisecs and
 * dirty_writeback_centisecs); a disk that is behind may take longer.
 */
const writtenOutWithinMs = 120_000;
/** ext2 to ext4, XFS, Btrfs (statfs(2)): a page that was written out cannot be written to again but the times tell of it. */
const tellingFileSystems = new Set([0xef53, 0x5846_5342, 0x9123_683e]);
const isTelling = new Map<bigint, boolean>();
const oneByte = Buffer.alloc(1);

/**
 * A source open for reading. It gives exactly the bytes it was found with, and no end until it was seen unchanged: same
 * file, size and times before and after. Every call throws SOURCE_CHANGED, SOURCE_UNREADABLE, and blocks its thread: a
 * call that another thread answers costs more than most of these do.
 */
export class OpenSource {
  readonly #place: SourcePlace;
  readonly #descriptor: number;
  #left: number;
  /** Whether a read that asked for more has found that nothing follows. */
  #isAtEnd = false;

  constructor(place: SourcePlace) {
    this.#place = place;
    this.#left = place.sizeBytes;
    const location = join(place.folder, place.path);
    this.#descriptor = this.#read(() => openWithoutTrace(location));
    try {
      if (mayBeWrittenThroughMemory(this.#refuseChange(), location)) {
        keepToDisk(this.#descriptor);
        this.#refuseChange();
      }
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  /** Reads at least one byte into `room`, in order; 0 once all of them were. */
  read(room: Uint8Array): number {
    if (this.#left === 0) return 0;
    // One byte more than there may be, where there is room: what finds the end needs no call of its own.
    const askedBytes = Math.min(this.#left + 1, room.length);
    const bytesRead = this.#readInto(room, askedBytes);
    if (bytesRead === 0 || bytesRead > this.#left) throw changed(this.#place.path);
    this.#left -= bytesRead;
    this.#isAtEnd = this.#left === 0 && bytesRead < askedBytes;
    return bytesRead;
  }

  /** That nothing follows, and that nothing was written to it while it was read. */
  refuseChange(): void {
    if (!this.#isAtEnd && this.#readInto(oneByte, 1) !== 0) throw changed(this.#place.path);
    this.#refuseChange();
  }

  close(): void {
    this.#read(() => closeSync(this.#descriptor));
  }

  #refuseChange(): BigIntStats {
    const now = this.#read(() => fstatSync(this.#descriptor, { bigint: true }));
    if (identityOf(now) !== this.#place.found) throw changed(this.#place.path);
    return now;
  }

  #readInto(room: Uint8Array, sizeBytes: number): number {
    return this.#read(() => readSync(this.#descriptor, room, 0, sizeBytes, null));
  }

  #read<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      const isGone = ["ENOENT", "ENOTDIR", "ELOOP"].includes((cause as NodeJS.ErrnoException).code ?? "");
      throw isGone ? changed(this.#place.path, cause) : unreadable(this.#place.path, "could not be read", cause);
    }
  }
}

/** What no write to a file leaves as it was, in few bytes: there may be a hundred thousand of these. */
export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

/** A program that writes to it all the time changes its times whenever the kernel has written out what it wrote. */
function mayBeWrittenThroughMemory({ ctimeMs, dev }: BigIntStats, location: string): boolean {
  if (Date.now() - Number(ctimeMs) < writtenOutWithinMs) return true;
  if (!isTelling.has(dev)) isTelling.set(dev, tellingFileSystems.has(typeOfFileSystem(location)));
  return isTelling.get(dev) !== true;
}

/** Zero where it is not known. */
function typeOfFileSystem(location: string): number {
  try {
    return statfsSync(location).type;
  } catch {
    return 0;
  }
}

/**
 * What a program has written through memory (mmap) is told by the times only when the kernel has written it out: from here
 * on, the next byte that it writes is. Where that cannot be asked for, nothing is lost by it. It takes as long as reading
 * ten small files.
 */
function keepToDisk(descriptor: number): void {
  try {
    fdatasyncSync(descriptor);
  } catch {
    // a medium that cannot be written to
  }
}

/** Follows no link, waits for no FIFO, and where the owner may ask for it leaves even the time of access alone. */
function openWithoutTrace(location: string): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return openSync(location, flags | constants.O_NOATIME);
  } catch {
    return openSync(location, flags);
  }
}

export function unreadable(subject: string, complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("SOURCE_UNREADABLE", `a source ${complaint}`, {
    subject,
    hint: "check that it is there, that you may read it, and that its disc or drive is healthy",
    cause,
  });
}

export function changed(subject: string | UnsafeName, cause?: unknown): EvsealError {
  return new EvsealError("SOURCE_CHANGED", "a source changed while it was packed", {
    subject,
    hint: "wait until nothing writes to it any more, then pack again",
    cause,
  });
}
