/** Ways to cut bytes into an asynchronous source, and to put what comes out together again. */

export async function* inPieces(bytes: Uint8Array, sizes: Iterable<number>): AsyncGenerator<Uint8Array, void> {
  let offset = 0;
  for (const size of sizes) {
    if (offset >= bytes.length) return;
    yield await Promise.resolve(bytes.subarray(offset, offset + size));
    offset += size;
  }
}

export function whole(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  return inPieces(bytes, [bytes.length]);
}

export function byteByByte(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  return inPieces(bytes, always(1));
}

/** Pieces of 0 to `maxSize` bytes, the same for the same seed. */
export function inRandomPieces(bytes: Uint8Array, seed: number, maxSize: number): AsyncIterable<Uint8Array> {
  return inPieces(bytes, randomNumbers(seed, maxSize));
}

/** One buffer used for every piece: whoever keeps a view of an earlier piece sees it overwritten. */
export async function* inReusedBuffer(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  const buffer = new Uint8Array(size);
  for (let offset = 0; offset < bytes.length; offset += size) {
    const piece = bytes.subarray(offset, offset + size);
    buffer.fill(0xee);
    buffer.set(piece);
    yield await Promise.resolve(buffer.subarray(0, piece.length));
  }
}

export interface Outcome {
  readonly bytes: Buffer;
  readonly error: unknown;
}

/** All that a source gives, and what it threw then, if it did. */
export async function gather(source: AsyncIterable<Uint8Array>): Promise<Outcome> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of source) parts.push(part);
    return { bytes: Buffer.concat(parts), error: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(parts), error };
  }
}

/** All that a source gives; throws what it throws. */
export async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const { bytes, error } = await gather(source);
  if (error !== undefined) throw error as Error;
  return bytes;
}

/** Bytes that look random and are the same every time. */
export function pattern(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) bytes[index] = Math.imul(index + 1, 2654435761) >>> 24;
  return bytes;
}

function* randomNumbers(seed: number, max: number): Generator<number, void> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield Math.floor((state / 2 ** 32) * (max + 1));
  }
}

function* always(size: number): Generator<number, void> {
  for (;;) yield size;
}
