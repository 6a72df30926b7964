/** The two stages that know the payload key: every block's chunks are sealed, or opened, in the ring itself. */
import { letGo } from "../crypto/let-go.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { altered, cutShort, trailingData } from "./refusals.js";
import { chunkSizeBytes, openChunk, sealChunkInto, sealedChunkSizeBytes } from "./stream.js";

export const blockSealing: StageKind<null, null> = {
  name: "sealing",
  start: (ring) => stage(ring, sealBlock),
};

export const blockOpening: StageKind<null, null> = {
  name: "opening",
  start: (ring) => stage(ring, openBlock),
};

function stage(ring: BlockRing, work: (ring: BlockRing, key: SecretBytes, n: number) => void): Stage<null> {
  const key = SecretBytes.viewOf(ring.key); // the ring is wiped when all threads have ended
  return {
    work(n) {
      requireKey(ring);
      work(ring, key, n);
    },
    finish: () => null,
    close: () => undefined,
  };
}

/** A key that was overwritten would seal as well as any, and everybody could open it. */
function requireKey({ key }: BlockRing): void {
  if (key.every((byte) => byte === 0)) throw fault("a ring has lost its key");
}

function sealBlock(ring: BlockRing, key: SecretBytes, n: number): void {
  const [clear, sealed] = [ring.clearBytes(n), ring.sealedBytes(n)];
  const count = Math.ceil(sealed.length / sealedChunkSizeBytes);
  for (let at = 0; at < count; at++) {
    const isFinal = ring.isLast(n) && at === count - 1;
    const chunk = clear.subarray(at * chunkSizeBytes, (at + 1) * chunkSizeBytes);
    const target = sealed.subarray(at * sealedChunkSizeBytes, (at + 1) * sealedChunkSizeBytes);
    sealChunkInto(target, key, ring.firstChunkOf(n) + at, isFinal, chunk);
  }
}

/** Nothing that was not authentic is put into the clear block. Throws ALTERED, CUT_SHORT, TRAILING_DATA. */
function openBlock(ring: BlockRing, key: SecretBytes, n: number): void {
  const [clear, sealed] = [ring.clearBytes(n), ring.sealedBytes(n)];
  const count = Math.ceil(sealed.length / sealedChunkSizeBytes);
  for (let at = 0; at < count; at++) {
    const isFinal = ring.isLast(n) && at === count - 1;
    const index = ring.firstChunkOf(n) + at;
    const chunk = sealed.subarray(at * sealedChunkSizeBytes, (at + 1) * sealedChunkSizeBytes);
    const opened = openChunk(key, index, isFinal, chunk);
    if (opened === undefined) {
      if (openChunk(key, index, !isFinal, chunk) === undefined) throw altered();
      throw isFinal ? cutShort() : trailingData();
    }
    clear.set(opened, at * chunkSizeBytes);
    letGo(opened as Uint8Array<ArrayBuffer>); // the ring's own copy is the only one left
  }
}
