import { constants, type BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import type { ByteSource } from "../age/open.js";
import { EvsealError } from "../errors.js";
import { readFrom, readInto } from "./read-from.js";
import { incomplete, isForbidden, notAllowed } from "./refusals.js";

const blockSizeBytes = 512 * 1024;

/** Follows no link, and waits for no pipe. */
export const sourceFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What no change to a file leaves as it was: which one it is, its kind, its size and its times. */
export function stateOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, mode, size, mtimeNs, ctimeNs].join();
}

interface OpenBytes extends ByteSource {
  /** As `read`, into memory that is there; what it gives may be memory of its own all the same. */
  readInto(offset: number, room: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file of a package, open for reading. Not a byte of it is believed here. */
export class SealedSource implements ByteSource {
  readonly sizeBytes: number;
  /** `stateOf` the file when it was opened; undefined for one on a disc's image. */
  readonly state: string | undefined;
  readonly #bytes: OpenBytes;

  private constructor(bytes: OpenBytes, state?: string) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.sizeBytes;
    this.state = state;
  }

  /** A file that stands on a disc's image, which its owner closes. */
  static within(bytes: ByteSource): SealedSource {
    return new SealedSource({
      sizeBytes: bytes.sizeBytes,
      read: (offset, sizeBytes) => bytes.read(offset, sizeBytes),
      readInto: (offset, room) => bytes.read(offset, room.length),
      close: () => Promise.resolve(),
    });
  }

  /** Opens a regular file, through no link. Throws PACKAGE_INCOMPLETE when it is missing or cannot be read. */
  static async open(path: string | Buffer): Promise<SealedSource> {
    const handle = await readable(open(path, sourceFlags));
    try {
      const found = await readable(handle.stat({ bigint: true }));
      if (!found.isFile()) throw incomplete("holds something that is not a file");
      const bytes = {
        sizeBytes: Number(found.size),
        read: (offset: number, sizeBytes: number) => readFrom(handle, offset, sizeBytes),
        readInto: (offset: number, room: Uint8Array) => readInto(handle, offset, room),
        close: () => handle.close(),
      };
      return new SealedSource(bytes, stateOf(found));
    } catch (cause) {
      await readable(handle.close());
      throw cause;
    }
  }

  async close(): Promise<void> {
    await readable(this.#bytes.close());
  }

  /** `sizeBytes` bytes from `offset`, fewer only at the end of the file. */
  async read(offset: number, sizeBytes: number): Promise<Uint8Array> {
    return await readable(this.#bytes.read(offset, Math.max(0, Math.min(sizeBytes, this.sizeBytes - offset))));
  }

  /**
   * All of the file. A block lasts until the next one is asked for, which is read meanwhile: memory of its own for each
   * would be collected too late.
   */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const rooms = [0, 1].map(() => new Uint8Array(Math.min(blockSizeBytes, this.sizeBytes)));
    let reading = this.#readInto(rooms[0], 0);
    for (let [n, offset] = [1, 0]; offset < this.sizeBytes; n++) {
      const block = await reading;
      if (block.length === 0) return;
      offset += block.length;
      reading = this.#readInto(rooms[n % 2], offset);
      reading.catch(() => undefined); // whoever asks for it hears of it
      yield block;
    }
  }

  async #readInto(room = new Uint8Array(0), offset: number): Promise<Uint8Array> {
    const wanted = room.subarray(0, Math.max(0, this.sizeBytes - offset));
    return await readable(this.#bytes.readInto(offset, wanted));
  }
}

export async function readable<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw unreadable(cause);
  }
}

export function readableSync<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): EvsealError {
  if (cause instanceof EvsealError) return cause;
  return isForbidden(cause) ? notAllowed(cause) : incomplete("has a file that is missing or cannot be read", cause);
}
