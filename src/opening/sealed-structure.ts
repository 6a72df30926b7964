import { readHeader } from "../age/header.js";
import { SourceReader } from "../age/source-reader.js";
import { countChunks, payloadNonceSizeBytes } from "../age/stream.js";
import { tagSizeBytes } from "../crypto/aead.js";
import { EvsealError } from "../errors.js";
import { padmeSizeBytes } from "../package/padding.js";
import type { SealedSource } from "./sealed-source.js";

const recipientKinds = ["mlkem768x25519", "X25519"];

/**
 * That a file of `sizeBytes`, of which `source` is all or the beginning, has the form of one that evseal sealed, as far as
 * can be seen without a key: an age header with one stanza of one kind for each recipient, and a payload of a PADMÉ length. The label's signer could still lie about what
 * is behind it, and nobody else can. Throws NOT_SEALED.
 */
export async function requireSealed(source: SealedSource, sizeBytes: number, recipientCount: number): Promise<void> {
  try {
    const { stanzas, bytes } = await readHeader(new SourceReader(source.chunks()));
    const sealedSizeBytes = sizeBytes - bytes.length - payloadNonceSizeBytes;
    const payloadSizeBytes = sealedSizeBytes - countChunks(sealedSizeBytes) * tagSizeBytes;
    const kinds = new Set(stanzas.map(({ type }) => type));
    const isOurs =
      stanzas.length === recipientCount &&
      kinds.size === 1 &&
      recipientKinds.some((kind) => kinds.has(kind)) &&
      padmeSizeBytes(payloadSizeBytes) === payloadSizeBytes;
    if (!isOurs) throw notSealed();
  } catch (cause) {
    if (cause instanceof EvsealError && cause.code === "PACKAGE_INCOMPLETE") throw cause; // it could not be read
    throw notSealed(cause);
  }
}

function notSealed(cause?: unknown): EvsealError {
  return new EvsealError("NOT_SEALED", "a file that should be sealed is not, though its hash is signed", {
    hint: "do not send it: it may be in the clear; report who signed it",
    cause,
  });
}
