import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { readableSync, sourceFlags } from "./sealed-source.js";
import { incomplete } from "./refusals.js";

export interface ContainerReadingData {
  readonly path: string;
  /** Past the page cache, from the disk itself: what reading back is for. */
  readonly direct: boolean;
}

/** Reads a sealed file into the ring's sealed blocks. Throws PACKAGE_INCOMPLETE. */
export const containerReading: StageKind<ContainerReadingData, null> = {
  name: "container reading",
  start: (ring, data) => new ContainerReading(ring, data),
};

class ContainerReading implements Stage<null> {
  readonly #ring: BlockRing;
  readonly #descriptor: number;

  constructor(ring: BlockRing, { path, direct }: ContainerReadingData) {
    this.#ring = ring;
    this.#descriptor = readableSync(() => openToRead(path, direct));
    if (readableSync(() => fstatSync(this.#descriptor)).isFile()) return;
    this.close();
    throw incomplete("holds something that is not a file");
  }

  /** Whole pages, as reading past the page cache needs them: those at both ends are read with each neighbour. */
  work(n: number): void {
    const window = this.#ring.sealedWindow(n);
    const startOffset = this.#ring.windowOffset(n);
    const endOffset = this.#ring.sealedOffset(n) + this.#ring.sealedBytes(n).length;
    for (let filled = 0; filled < endOffset - startOffset;) {
      const room = window.subarray(filled);
      const bytesRead = readableSync(() => readSync(this.#descriptor, room, 0, room.length, startOffset + filled));
      if (bytesRead === 0) throw incomplete("has a file that became shorter while it was read");
      filled += bytesRead;
    }
  }

  finish(): null {
    return null;
  }

  close(): void {
    try {
      closeSync(this.#descriptor);
    } catch {
      // it was only read
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
