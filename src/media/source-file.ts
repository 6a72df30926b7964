import { constants, type BigIntStats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { EvsealError } from "../errors.js";
import { modifiedTimeOf } from "../package/modified-time.js";
import type { PortablePath } from "../package/portable-path.js";
import type { UnsafeName } from "../unsafe-name.js";

const blockSizeBytes = 256 * 1024;

/** A regular file among the sources, as it was when it was found. It is only ever read. */
export class SourceFile {
  /** Its path inside the package. */
  readonly path: PortablePath;
  readonly sizeBytes: number;
  readonly modified: string;
  readonly #location: string;
  readonly #found: string;

  /** `found` is what lstat(2) said of `location`. Throws SOURCE_UNREADABLE for a time no manifest can hold. */
  constructor(path: PortablePath, location: string, found: BigIntStats) {
    const modified = modifiedTimeOf(found.mtimeNs);
    if (modified === undefined) throw unreadable(path.text, "has an impossible date");
    this.path = path;
    this.sizeBytes = Number(found.size);
    this.modified = modified;
    this.#location = location;
    this.#found = identityOf(found);
  }

  /**
   * Exactly `sizeBytes` bytes, and no end until the file was seen unchanged: same file, size and times before and
   * after. Throws SOURCE_CHANGED, SOURCE_UNREADABLE.
   */
  async *content(): AsyncGenerator<Uint8Array, void, undefined> {
    const handle = await this.#read(openWithoutTrace(this.#location));
    try {
      await this.#refuseChange(handle);
      let left = this.sizeBytes;
      while (left > 0) {
        const block = Buffer.allocUnsafe(Math.min(left, blockSizeBytes));
        const { bytesRead } = await this.#read(handle.read(block, 0, block.length));
        if (bytesRead === 0) throw changed(this.path.text);
        left -= bytesRead;
        yield block.subarray(0, bytesRead);
      }
      const { bytesRead } = await this.#read(handle.read(Buffer.alloc(1), 0, 1));
      if (bytesRead !== 0) throw changed(this.path.text);
      await this.#refuseChange(handle);
    } finally {
      await this.#read(handle.close());
    }
  }

  /** Whether this and `other` were found as the same file, unchanged, under the same name. */
  isUnchangedFrom(other: SourceFile | undefined): boolean {
    return this.path.text === other?.path.text && this.#found === other.#found;
  }

  async #refuseChange(handle: FileHandle): Promise<void> {
    const now = await this.#read(handle.stat({ bigint: true }));
    if (identityOf(now) !== this.#found) throw changed(this.path.text);
  }

  async #read<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (cause) {
      const isGone = ["ENOENT", "ENOTDIR", "ELOOP"].includes((cause as NodeJS.ErrnoException).code ?? "");
      throw isGone ? changed(this.path.text, cause) : unreadable(this.path.text, "could not be read", cause);
    }
  }
}

/** What no write to a file leaves as it was, in few bytes: there may be a hundred thousand of these. */
function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

/** Follows no link, waits for no FIFO, and where the owner may ask for it leaves even the time of access alone. */
async function openWithoutTrace(location: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return await open(location, flags | constants.O_NOATIME);
  } catch {
    return await open(location, flags);
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
