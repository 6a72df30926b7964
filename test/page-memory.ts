import { BlockRing } from "../src/ring/block-ring.js";

/** Memory that begins at a page, as reading and writing past the page cache asks for. */
export function pageMemory(sizeBytes: number): Uint8Array {
  const { shape } = BlockRing.create({
    slots: Math.ceil(sizeBytes / 2 ** 21),
    turns: 1,
    payloadSizeBytes: 1,
    startSizeBytes: 0,
  });
  return new Uint8Array(shape.memory, 0, sizeBytes);
}
