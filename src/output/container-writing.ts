import { Sha256 } from "../crypto/digest.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { DurableFile } from "./durable-file.js";

export interface ContainerWritingData {
  readonly path: string;
  /** What stands before the first block. */
  readonly start: Uint8Array;
  /** Becomes the file's time. */
  readonly modifiedMs: number;
}

export interface WrittenContainer {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Writes a sealed file from the ring's sealed blocks, durably. Throws what `outputError` makes. */
export const containerWriting: StageKind<ContainerWritingData, WrittenContainer> = {
  name: "container writing",
  start: (ring, data) => new ContainerWriting(ring, data),
};

class ContainerWriting implements Stage<WrittenContainer> {
  readonly #ring: BlockRing;
  readonly #modifiedMs: number;
  readonly #file: DurableFile;
  readonly #hash = new Sha256();
  /** What is not written yet: the beginning of the page in which the next block begins. */
  #rest: Uint8Array;

  constructor(ring: BlockRing, { path, start, modifiedMs }: ContainerWritingData) {
    this.#ring = ring;
    this.#modifiedMs = modifiedMs;
    this.#file = new DurableFile(path, { direct: true });
    this.#hash.update(start);
    const wholePagesBytes = ring.windowOffset(0);
    this.#file.write(start.subarray(0, wholePagesBytes));
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
    const writing = this.#file.writeAside(window.subarray(0, wholeBytes));
    this.#hash.update(sealed);
    await writing;
  }

  async finish(): Promise<WrittenContainer> {
    await this.#file.finish(this.#modifiedMs);
    const last = this.#ring.blockCount - 1;
    const sizeBytes = this.#ring.sealedOffset(last) + this.#ring.sealedBytes(last).length;
    return { sha256: this.#hash.hex(), sizeBytes };
  }

  close(): void {
    this.#file.abandon();
  }
}
