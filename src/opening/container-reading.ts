import { closeSync, constants, fstatSync, openSync, read } from "node:fs";
import { promisify } from "node:util";
import { Sha256 } from "../crypto/digest.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { readable, readableSync, sourceFlags } from "./sealed-source.js";
import { incomplete } from "./refusals.js";

export interface ContainerReadingData {
  readonly path: string;
  /** What stands before the first block, for the hash of the whole; without it, no hash is taken. */
  readonly start?: Uint8Array;
  /** Past the page cache, from the disk itself: what reading back is for. */
  readonly direct: boolean;
}

/** Reads a sealed file into the ring's sealed blocks and gives its SHA-256. Throws PACKAGE_INCOMPLETE. */
export const containerReading: StageKind<ContainerReadingData, string | undefined> = {
  name: "container reading",
  start: (ring, data) => new ContainerReading(ring, data),
};

class ContainerReading implements Stage<string | undefined> {
  readonly atOnce = 3; // a disk that waits for the next read loses half its time
  readonly #ring: BlockRing;
  readonly #hash: Sha256 | undefined;
  readonly #descriptor: number;
  readonly #reads = new Set<Promise<void>>();
  /** Resolves when the block before was hashed. */
  #hashed: Promise<void> = Promise.resolve();

  constructor(ring: BlockRing, { path, start, direct }: ContainerReadingData) {
    this.#ring = ring;
    if (start) this.#hash = new Sha256().update(start);
    this.#descriptor = readableSync(() => openToRead(path, direct));
    if (readableSync(() => fstatSync(this.#descriptor)).isFile()) return;
    this.close();
    throw incomplete("holds something that is not a file");
  }

  work(n: number): Promise<void> {
    this.#hashed = this.#hashInOrder(n, this.#hashed, this.#read(n));
    return this.#hashed;
  }

  finish(): string | undefined {
    return this.#hash?.hex();
  }

  close(): void {
    // Not under a call that uses it: the next file would have its number.
    void Promise.allSettled(this.#reads).then(() => {
      try {
        closeSync(this.#descriptor);
      } catch {
        // it was only read
      }
    });
  }

  async #hashInOrder(n: number, hashed: Promise<void>, reading: Promise<void>): Promise<void> {
    await Promise.all([hashed, reading]);
    this.#hash?.update(this.#ring.sealedBytes(n));
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
      const room = window.subarray(filled);
      const { bytesRead } = await promisify(read)(this.#descriptor, room, 0, room.length, startOffset + filled);
      if (bytesRead === 0) throw incomplete("has a file that became shorter while it was read");
      filled += bytesRead;
    }
  }
}

function openToRead(path: string, direct: boolean): number {
  try {
    if (direct) return openSync(path, sourceFlags | constants.O_DIRECT);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EINVAL") throw cause; // a file system without it
  }
  return openSync(path, sourceFlags);
}
