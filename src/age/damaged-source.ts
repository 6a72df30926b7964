import { fault } from "../errors.js";
import type { ByteSource } from "./open.js";
import { chunkSizeBytes, sealedChunkSizeBytes, sealedPayloadSizeBytes } from "./stream.js";

/**
 * A copy of an age file that may be damaged: short, long, altered, or unreadable in places. `read` gives what stands
 * before the first byte that it cannot give, perhaps nothing.
 */
export type DamagedSource = ByteSource;

/** What the file must be, whatever its copies are. */
export interface SurveyedShape {
  readonly sizeBytes: number;
  /** In the clear: so the header's length is known too. */
  readonly payloadSizeBytes: number;
}

/** Chunks are read this many at a time, and one by one where that fails. */
export const chunksPerRead = 16;

/** The chunks at `indexes` (ascending), each undefined where it cannot be read whole: in one request, or one by one. */
export async function* sealedChunks(
  source: DamagedSource,
  shape: SurveyedShape,
  indexes: readonly number[],
): AsyncGenerator<{ readonly index: number; readonly sealed: Uint8Array | undefined }, void, undefined> {
  const [first, last] = [indexes[0], indexes.at(-1)];
  if (first === undefined || last === undefined) return;
  const start = placeOf(shape, first).offset;
  const end = placeOf(shape, last);
  const together = await source.read(start, end.offset + end.sizeBytes - start);
  for (const index of indexes) {
    const { offset, sizeBytes } = placeOf(shape, index);
    let sealed = together.subarray(offset - start, offset - start + sizeBytes);
    if (sealed.length < sizeBytes && last > first) sealed = await source.read(offset, sizeBytes);
    yield { index, sealed: sealed.length === sizeBytes ? sealed : undefined };
  }
}

export function indexesFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}

export function chunksIn({ payloadSizeBytes }: SurveyedShape): number {
  return Math.max(1, Math.ceil(payloadSizeBytes / chunkSizeBytes));
}

/** Of header and nonce. */
export function startSizeOf(shape: SurveyedShape): number {
  return shape.sizeBytes - sealedPayloadSizeBytes(shape.payloadSizeBytes);
}

/** Where a sealed chunk stands in the file. */
export function placeOf(shape: SurveyedShape, index: number): { readonly offset: number; readonly sizeBytes: number } {
  const offset = startSizeOf(shape) + index * sealedChunkSizeBytes;
  if (index < 0 || index >= chunksIn(shape)) throw fault("a chunk outside the file");
  return { offset, sizeBytes: Math.min(sealedChunkSizeBytes, shape.sizeBytes - offset) };
}
