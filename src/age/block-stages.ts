/** The two stages that know the payload key: every block's chunks are sealed, or opened, in the ring itself. */
import { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { altered, cutShort, trailingData } from "./refusals.js";
import { chunkSizeBytes, openChunk, openChunkInto, sealChunkInto, sealedChunkSizeBytes } from "./stream.js";

export const blockSealing: StageKind<null, null> = {
  name: "sealing",
  start: (ring) => stage(ring, sealChunkOf),
};

export const blockOpening: StageKind<null, null> = {
  name: "opening",
  start: (ring) => stage(ring, openChunkOf),
};

function stage(ring: BlockRing, work: (key: SecretBytes, chunk: Chunk) => void): Stage<null> {
  const key = SecretBytes.viewOf(ring.key); // the ring is wiped when all threads have ended
  return {
    work(n) {
      requireKey(ring);
      for (const chunk of chunksOf(ring, n)) work(key, chunk);
    },
    finish: () => null,
    close: () => undefined,
  };
}

/** A key that was overwritten would seal as well as any, and everybody could open it. */
function requireKey({ key }: BlockRing): void {
  if (key.every((byte) => byte === 0)) throw fault("a ring has lost its key");
}

/** The chunks of block `n`: each one's number in the stream, and where it stands in the clear and sealed. */
function* chunksOf(ring: BlockRing, n: number): Generator<Chunk, void> {
  const [clear, sealed] = [ring.clearBytes(n), ring.sealedBytes(n)];
  const count = Math.ceil(sealed.length / sealedChunkSizeBytes);
  for (let at = 0; at < count; at++) {
    yield {
      index: ring.firstChunkOf(n) + at,
      isFinal: ring.isLast(n) && at === count - 1,
      clear: clear.subarray(at * chunkSizeBytes, (at + 1) * chunkSizeBytes),
      sealed: sealed.subarray(at * sealedChunkSizeBytes, (at + 1) * sealedChunkSizeBytes),
    };
  }
}

interface Chunk {
  readonly index: number;
  readonly isFinal: boolean;
  readonly clear: Uint8Array;
  readonly sealed: Uint8Array;
}

function sealChunkOf(key: SecretBytes, { index, isFinal, clear, sealed }: Chunk): void {
  sealChunkInto(sealed, key, index, isFinal, clear);
}

/** Nothing that was not authentic is put into the clear block. Throws ALTERED, CUT_SHORT, TRAILING_DATA. */
function openChunkOf(key: SecretBytes, { index, isFinal, clear, sealed }: Chunk): void {
  if (openChunkInto(clear, key, index, isFinal, sealed)) return;
  if (openChunk(key, index, !isFinal, sealed) === undefined) throw altered();
  throw isFinal ? cutShort() : trailingData();
}
