/** age.md "Payload": the STREAM of 64 KiB chunks. One chunk at a time, each by itself, in any order and anywhere. */
import { assertSize } from "../bytes.js";
import { aeadOpen, aeadOpenInto, aeadSealInto, tagSizeBytes } from "../crypto/aead.js";
import { hkdfSha256 } from "../crypto/key-derivation.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import { fileKeySizeBytes } from "./file-key.js";
import { altered, cutShort, trailingData } from "./refusals.js";
import type { SourceReader } from "./source-reader.js";

export const chunkSizeBytes = 64 * 1024;
export const sealedChunkSizeBytes = chunkSizeBytes + tagSizeBytes;
export const payloadNonceSizeBytes = 16;

/** payload key = HKDF-SHA-256(ikm = file key, salt = nonce, info = "payload"), 32 bytes; the caller wipes it. */
export function deriveStreamKey(fileKey: SecretBytes, nonce: Uint8Array): SecretBytes {
  assertSize("age file key", fileKey.expose(), fileKeySizeBytes);
  assertSize("age payload nonce", nonce, payloadNonceSizeBytes);
  return hkdfSha256(fileKey, nonce, "payload", 32);
}

/** Chunk number `index` (from zero) with its tag. Only the final chunk may be short, only a lone one may be empty. */
export function sealChunk(streamKey: SecretBytes, index: number, isFinal: boolean, plaintext: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + tagSizeBytes);
  sealChunkInto(sealed, streamKey, index, isFinal, plaintext);
  return sealed;
}

/** The same into `target`, which is as long as the chunk and its tag. */
export function sealChunkInto(
  target: Uint8Array,
  streamKey: SecretBytes,
  index: number,
  isFinal: boolean,
  plaintext: Uint8Array,
): void {
  const isFull = plaintext.length === chunkSizeBytes;
  const mayBeShort = isFinal && (plaintext.length > 0 || index === 0) && plaintext.length < chunkSizeBytes;
  if (!isFull && !mayBeShort) throw fault(`chunk ${index} cannot hold ${plaintext.length} bytes`);
  aeadSealInto(target, streamKey, chunkNonce(index, isFinal), plaintext);
}

/** The chunk's plaintext, or undefined unless it is chunk number `index` of this stream, and final if that is asked. */
export function openChunk(
  streamKey: SecretBytes,
  index: number,
  isFinal: boolean,
  sealed: Uint8Array,
): Uint8Array | undefined {
  return aeadOpen(streamKey, chunkNonce(index, isFinal), sealed);
}

/** The same into `target`, which is as long as the chunk; false, and nothing is put there, where that is undefined. */
export function openChunkInto(
  target: Uint8Array,
  streamKey: SecretBytes,
  index: number,
  isFinal: boolean,
  sealed: Uint8Array,
): boolean {
  return aeadOpenInto(target, streamKey, chunkNonce(index, isFinal), sealed);
}

/** How long a payload of this size is when it is sealed: every chunk has a tag, and there is always one. */
export function sealedPayloadSizeBytes(payloadSizeBytes: number): number {
  return payloadSizeBytes + Math.max(1, Math.ceil(payloadSizeBytes / chunkSizeBytes)) * tagSizeBytes;
}

/** How many chunks a sealed payload of this size has. Throws CUT_SHORT for a size that no whole payload has. */
export function countChunks(sealedPayloadSizeBytes: number): number {
  const count = Math.ceil(sealedPayloadSizeBytes / sealedChunkSizeBytes);
  const finalSizeBytes = sealedPayloadSizeBytes - (count - 1) * sealedChunkSizeBytes;
  if (count === 0 || !canBeFinal(finalSizeBytes, count - 1)) throw cutShort();
  return count;
}

/** Seals all that `reader` gives; yields whole sealed chunks. */
export async function* sealStream(reader: SourceReader, streamKey: SecretBytes): AsyncGenerator<Uint8Array, void> {
  let isFinal = false;
  for (let index = 0; !isFinal; index++) {
    const plaintext = await reader.read(chunkSizeBytes);
    isFinal = await reader.atEnd();
    yield sealChunk(streamKey, index, isFinal, plaintext);
  }
}

/** Opens all that `reader` gives; yields each chunk once its tag was checked. Throws ALTERED, CUT_SHORT, TRAILING_DATA. */
export async function* openStream(reader: SourceReader, streamKey: SecretBytes): AsyncGenerator<Uint8Array, void> {
  for (let index = 0; ; index++) {
    const sealed = await reader.read(sealedChunkSizeBytes);
    if (!canBeFinal(sealed.length, index)) throw cutShort();
    // A full-size chunk is tried as a middle one first: so a file cut at a chunk's end is known to be cut, not altered.
    const middle = sealed.length === sealedChunkSizeBytes ? openChunk(streamKey, index, false, sealed) : undefined;
    if (middle !== undefined) {
      yield middle;
      continue;
    }
    const final = openChunk(streamKey, index, true, sealed);
    if (final === undefined) throw altered();
    if (final.length > 0) yield final;
    if (!(await reader.atEnd())) throw trailingData();
    return;
  }
}

/** "The final chunk MAY be shorter than 64 KiB but MUST NOT be empty unless the whole payload is empty." */
function canBeFinal(sealedSizeBytes: number, index: number): boolean {
  return sealedSizeBytes >= tagSizeBytes + (index === 0 ? 0 : 1);
}

/** 11 bytes of big-endian chunk counter, then 0x01 for the final chunk and 0x00 for all before it. */
function chunkNonce(index: number, isFinal: boolean): Uint8Array {
  // The counter has 88 bits, an exact number 53: a file that reaches this is 2^69 bytes long. It must never wrap.
  if (!Number.isSafeInteger(index) || index < 0) throw fault("the chunk counter left its range");
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(3, Math.floor(index / 2 ** 32));
  view.setUint32(7, index % 2 ** 32);
  nonce[11] = isFinal ? 1 : 0;
  return nonce;
}
