import { closeSync, constants, fstatSync, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { equal } from "../bytes.js";
import { Sha256 } from "../crypto/digest.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { readable, readableSync, sourceFlags } from "./sealed-source.js";
import { altered, incomplete } from "./refusals.js";

export interface ContainerReadingData {
  readonly path: string;
  /** What was read before: header and nonce. It must stand in the file. */
  readonly start: Uint8Array;
  /** Past the page cache, from the disk itself: what reading back is for. */
  readonly direct: boolean;
}

/** Reads a sealed file into the ring's sealed blocks and gives its SHA-256. Throws PACKAGE_INCOMPLETE, ALTERED. */
export const containerReading: StageKind<ContainerReadingData, string> = {
  name: "container reading",
  start: (ring, data) => new ContainerReading(ring, data),
};

class ContainerReading implements Stage<string> {
  readonly atOnce = 3; // a disk that waits for the next read loses half its time
  readonly #ring: BlockRing;
  readonly #hash = new Sha256();
  readonly #descriptor: number;
  /** The same file past the page cache, where the file system has it. */
  #direct: number | undefined;
  readonly #reads = new Set<Promise<void>>();
  /** Resolves when the block before was hashed. */
  #hashed: Promise<void> = Promise.resolve();

  constructor(ring: BlockRing, { path, start, direct }: ContainerReadingData) {
    this.#ring = ring;
    this.#descriptor = readableSync(() => openSync(path, sourceFlags));
    try {
      if (!readableSync(() => fstatSync(this.#descriptor)).isFile())
        throw incomplete("holds something that is not a file");
      if (direct) this.#direct = readableSync(() => openDirect(path));
      this.#requireStart(start);
    } catch (cause) {
      this.close();
      throw cause;
    }
    this.#hash.update(start);
  }

  work(n: number): Promise<void> {
    this.#hashed = this.#hashInOrder(n, this.#hashed, this.#read(n));
    return this.#hashed;
  }

  finish(): string {
    return this.#hash.hex();
  }

  close(): void {
    // Not under a call that uses them: the next file would have their numbers.
    void Promise.allSettled(this.#reads).then(() => {
      for (const descriptor of [this.#descriptor, this.#direct]) {
        try {
          if (descriptor !== undefined) closeSync(descriptor);
        } catch {
          // it was only read
        }
      }
    });
  }

  /** Page by page, through the memory of the first block, which nobody else has yet. */
  #requireStart(start: Uint8Array): void {
    const page = this.#ring.sealedWindow(0).subarray(0, pageSizeBytes);
    for (let at = 0; at < start.length; at += page.length) {
      const expected = start.subarray(at, at + page.length);
      const bytesRead = readableSync(() => this.#readSync(page, at));
      if (bytesRead < expected.length || !equal(page.subarray(0, expected.length), expected)) throw altered();
    }
  }

  #readSync(page: Uint8Array, offset: number): number {
    if (this.#direct === undefined) return readSync(this.#descriptor, page, 0, page.length, offset);
    try {
      return readSync(this.#direct, page, 0, page.length, offset);
    } catch (cause) {
      if (!isRefusedDirect(cause)) throw cause;
      return readSync(this.#descriptor, page, 0, page.length, offset);
    }
  }

  async #hashInOrder(n: number, hashed: Promise<void>, reading: Promise<void>): Promise<void> {
    await Promise.all([hashed, reading]);
    this.#hash.update(this.#ring.sealedBytes(n));
  }

  #read(n: number): Promise<void> {
    const reading = readable(this.#fill(n));
    this.#reads.add(reading);
    return reading.finally(() => this.#reads.delete(reading));
  }

  /** Whole pages, as reading past the page cache needs them: those at both ends are read with each neighbour. */
  async #fill(n: number): Promise<void> {
    const window = this.#ring.sealedWindow(n);
    const startOffset = this.#ring.windowOffset(n);
    const endOffset = this.#ring.sealedOffset(n) + this.#ring.sealedBytes(n).length;
    for (let filled = 0; filled < endOffset - startOffset;) {
      const bytesRead = await this.#readInto(window.subarray(filled), startOffset + filled);
      if (bytesRead === 0) throw incomplete("has a file that became shorter while it was read");
      filled += bytesRead;
    }
  }

  async #readInto(room: Uint8Array, offset: number): Promise<number> {
    const from = async (descriptor: number): Promise<number> => {
      return (await promisify(read)(descriptor, room, 0, room.length, offset)).bytesRead;
    };
    if (this.#direct === undefined) return await from(this.#descriptor);
    return await from(this.#direct).catch((cause: unknown) => {
      if (!isRefusedDirect(cause)) throw cause;
      return from(this.#descriptor);
    });
  }
}

const pageSizeBytes = 4096;

/** Undefined where the file system has no such way. */
function openDirect(path: string): number | undefined {
  if (!constants.O_DIRECT) return undefined; // undefined but on Linux
  try {
    return openSync(path, sourceFlags | constants.O_DIRECT);
  } catch (cause) {
    if (!isRefusedDirect(cause)) throw cause;
    return undefined;
  }
}

/** What a file system answers that cannot, or not at this place. */
function isRefusedDirect(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === "EINVAL";
}
