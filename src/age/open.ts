import { concat } from "../bytes.js";
import { tagSizeBytes } from "../crypto/aead.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import { BlockRing } from "../ring/block-ring.js";
import { checkHeaderMac, readHeader, type Header } from "./header.js";
import { altered, cutShort, headerMalformed } from "./refusals.js";
import { SourceReader } from "./source-reader.js";
import {
  chunkSizeBytes,
  countChunks,
  deriveStreamKey,
  openChunk,
  openStream,
  payloadNonceSizeBytes,
  sealedChunkSizeBytes,
} from "./stream.js";

/** Finds the 16-byte file key for a header; opening takes ownership of the key and wipes it. */
export type Unlock = (header: Header) => Promise<SecretBytes> | SecretBytes;

export interface OpenedStream {
  readonly header: Header;
  /** Chunks of 1 to 65536 bytes, each authenticated; only the end of the iteration says that none is missing. */
  readonly payload: AsyncIterable<Uint8Array>;
}

/** A file that can be read anywhere. `read` gives fewer than `sizeBytes` bytes only at the end. */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, sizeBytes: number): Promise<Uint8Array>;
}

/** An age file whose payload can be read anywhere; its size is authenticated. The caller wipes it when done. */
export interface RandomAccess {
  readonly header: Header;
  /** The header and the nonce: what stands before the first chunk. */
  readonly start: Uint8Array;
  readonly payloadSizeBytes: number;
  /** Authenticated pieces of exactly this range. Throws ALTERED, CUT_SHORT; INTERNAL for a range that is not inside. */
  read(offset: number, sizeBytes: number): AsyncIterable<Uint8Array>;
  /** A ring with the key of this stream, for `blockOpening` to open all of it, block by block. */
  ring(slots: number, turns: number): BlockRing;
  wipe(): void;
}

/**
 * Opens an age v1 file. Throws HEADER_MALFORMED, HEADER_ALTERED and whatever `unlock` throws; iterating the payload
 * throws ALTERED, CUT_SHORT, TRAILING_DATA. Whatever the source throws is passed on as it is.
 */
export async function open(sealed: AsyncIterable<Uint8Array>, unlock: Unlock): Promise<OpenedStream> {
  const reader = new SourceReader(sealed);
  try {
    const { header, streamKey } = await unlockStream(reader, unlock);
    const payload = openedPayload(reader, streamKey);
    await payload.next(); // into its `try`: from here on, giving up the iteration wipes the key
    return { header, payload };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/**
 * Opens an age v1 file of known size and authenticates its final chunk, which fixes the payload's size (age.md: "Seeking
 * relatively to the end of file MUST first decrypt and verify that the last chunk is a valid final chunk"). Throws as
 * `open` does, and ALTERED or CUT_SHORT.
 */
export async function openRandomAccess(source: ByteSource, unlock: Unlock): Promise<RandomAccess> {
  const reader = new SourceReader(piecesOf(source));
  try {
    const { header, nonce, streamKey } = await unlockStream(reader, unlock);
    try {
      const start = concat(header.bytes, nonce);
      const payload = new SealedPayload(source, start.length, streamKey);
      await payload.checkFinalChunk();
      return {
        header,
        start,
        payloadSizeBytes: payload.sizeBytes,
        read: (offset, sizeBytes) => payload.read(offset, sizeBytes),
        ring: (slots, turns) => {
          const shape = { slots, turns, payloadSizeBytes: payload.sizeBytes, startSizeBytes: start.length };
          const ring = BlockRing.create(shape);
          ring.key.set(streamKey.expose());
          return ring;
        },
        wipe: () => streamKey.wipe(),
      };
    } catch (error) {
      streamKey.wipe();
      throw error;
    }
  } finally {
    await reader.close();
  }
}

/** Reads header and nonce, checks the header's MAC, and returns the 32-byte payload key, which the caller wipes. */
async function unlockStream(
  reader: SourceReader,
  unlock: Unlock,
): Promise<{ header: Header; nonce: Uint8Array; streamKey: SecretBytes }> {
  const header = await readHeader(reader);
  const fileKey = await unlock(header);
  try {
    checkHeaderMac(header, fileKey);
    const nonce = (await reader.read(payloadNonceSizeBytes)).slice();
    if (nonce.length !== payloadNonceSizeBytes) throw headerMalformed("the file ends right after it");
    return { header, nonce, streamKey: deriveStreamKey(fileKey, nonce) };
  } finally {
    fileKey.wipe();
  }
}

async function* openedPayload(reader: SourceReader, streamKey: SecretBytes): AsyncGenerator<Uint8Array, void> {
  try {
    yield new Uint8Array(0);
    yield* openStream(reader, streamKey);
  } finally {
    streamKey.wipe();
    await reader.close();
  }
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0; offset < source.sizeBytes;) {
    const piece = await source.read(offset, Math.min(chunkSizeBytes, source.sizeBytes - offset));
    if (piece.length === 0) return;
    yield piece;
    offset += piece.length;
  }
}

/** Chunks are read this many at a time: 1 MiB a request keeps a disc busy and memory small. */
const chunksPerRead = 16;

class SealedPayload {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  readonly #startOffset: number;
  readonly #streamKey: SecretBytes;
  readonly #chunkCount: number;

  constructor(source: ByteSource, startOffset: number, streamKey: SecretBytes) {
    this.#source = source;
    this.#startOffset = startOffset;
    this.#streamKey = streamKey;
    const sealedSizeBytes = source.sizeBytes - startOffset;
    this.#chunkCount = countChunks(sealedSizeBytes);
    this.sizeBytes = sealedSizeBytes - this.#chunkCount * tagSizeBytes;
  }

  async checkFinalChunk(): Promise<void> {
    const index = this.#chunkCount - 1;
    const sealed = await this.#readSealed(index, 1);
    if (openChunk(this.#streamKey, index, true, sealed) !== undefined) return;
    const isMiddle = sealed.length === sealedChunkSizeBytes && openChunk(this.#streamKey, index, false, sealed);
    throw isMiddle ? cutShort() : altered();
  }

  async *read(offset: number, sizeBytes: number): AsyncGenerator<Uint8Array, void> {
    const end = offset + sizeBytes;
    if (offset < 0 || sizeBytes < 0 || end > this.sizeBytes) throw fault("a read outside the payload");
    const endIndex = Math.ceil(end / chunkSizeBytes);
    for (let first = Math.floor(offset / chunkSizeBytes); first < endIndex; first += chunksPerRead) {
      const count = Math.min(chunksPerRead, endIndex - first);
      const sealed = await this.#readSealed(first, count);
      for (let index = first; index < first + count; index++) {
        const at = (index - first) * sealedChunkSizeBytes;
        const isFinal = index === this.#chunkCount - 1;
        const chunk = openChunk(this.#streamKey, index, isFinal, sealed.subarray(at, at + sealedChunkSizeBytes));
        if (chunk === undefined) throw altered();
        const start = index * chunkSizeBytes;
        yield chunk.subarray(Math.max(0, offset - start), Math.min(chunk.length, end - start));
      }
    }
  }

  async #readSealed(firstIndex: number, count: number): Promise<Uint8Array> {
    const offset = this.#startOffset + firstIndex * sealedChunkSizeBytes;
    const sizeBytes = Math.min(count * sealedChunkSizeBytes, this.#source.sizeBytes - offset);
    const sealed = await this.#source.read(offset, sizeBytes);
    if (sealed.length !== sizeBytes) throw cutShort(); // the file shrank since its size was taken
    return sealed;
  }
}
