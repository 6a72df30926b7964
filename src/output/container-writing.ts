import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { ContainerParts, type ContainerPart, type WrittenContainer } from "./container-parts.js";

export interface ContainerWritingData {
  /** The files that it is cut into; one where it is not. All but the last should be of whole pages. */
  readonly parts: readonly ContainerPart[];
  /** What stands before the first block. */
  readonly start: Uint8Array;
  /** Becomes the time of each file. */
  readonly modifiedMs: number;
}

/** Writes a sealed container from the ring's sealed blocks, durably. Throws what `outputError` makes. */
export const containerWriting: StageKind<ContainerWritingData, WrittenContainer> = {
  name: "container writing",
  start: (ring, data) => new ContainerWriting(ring, data),
};

class ContainerWriting implements Stage<WrittenContainer> {
  readonly #ring: BlockRing;
  readonly #parts: ContainerParts;
  /** What is not written yet: the beginning of the page in which the next block begins. */
  #rest: Uint8Array;

  constructor(ring: BlockRing, { parts, start, modifiedMs }: ContainerWritingData) {
    this.#ring = ring;
    this.#parts = new ContainerParts(parts, modifiedMs);
    const wholePagesBytes = ring.windowOffset(0);
    this.#parts.write(start.subarray(0, wholePagesBytes));
    this.#rest = start.slice(wholePagesBytes);
  }

  readonly atOnce = 3; // a disk that waits for the next write loses half its time

  /** Whole pages, as in `ContainerReading`: what is left of one goes before the next block. */
  async work(n: number): Promise<void> {
    const sealed = this.#ring.sealedBytes(n);
    const window = this.#ring.sealedWindow(n);
    const endBytes = this.#rest.length + sealed.length;
    const wholeBytes = this.#ring.isLast(n) ? endBytes : this.#ring.windowOffset(n + 1) - this.#ring.windowOffset(n);
    window.set(this.#rest);
    this.#rest = window.slice(wholeBytes, endBytes);
    await this.#parts.writeAside(window.subarray(0, wholeBytes));
  }

  async finish(): Promise<WrittenContainer> {
    return await this.#parts.finish();
  }

  close(): void {
    this.#parts.abandon();
  }
}
