import type { StageKind } from "../ring/stage.js";
import { DurableFile } from "./durable-file.js";

export interface ContainerWritingData {
  readonly path: string;
  /** What stands before the first block. */
  readonly start: Uint8Array;
  /** Becomes the file's time. */
  readonly modifiedMs: number;
}

/** Writes a sealed file from the ring's sealed blocks, durably; gives its size. Throws what `outputError` makes. */
export const containerWriting: StageKind<ContainerWritingData, number> = {
  name: "container writing",
  start(ring, { path, start, modifiedMs }) {
    const file = new DurableFile(path);
    return {
      work(n) {
        if (n === 0) file.write(start);
        file.write(ring.sealedBytes(n));
      },
      async finish() {
        await file.finish(modifiedMs);
        const last = ring.blockCount - 1;
        return ring.sealedOffset(last) + ring.sealedBytes(last).length;
      },
      close: () => file.abandon(),
    };
  },
};
