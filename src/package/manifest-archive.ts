import { equal } from "../bytes.js";
import { archivePaths } from "./archive-paths.js";
import { limits } from "./limits.js";
import { malformedManifest } from "./manifest.js";
import { paddingEntry, tarTrailerSizeBytes } from "./padding.js";
import { encodeTarHeader, paddingToBlock, tarBlockSizeBytes } from "./tar-header.js";

/** The signed manifest as it stands inside `….manifest.evseal`: two files of a small tar. */
export interface ManifestArchive {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

/** No sealed manifest is longer: both files at their caps with their headers, PADMÉ's 12 %, age's header and tags. */
export const sealedManifestCapBytes = Math.ceil(1.13 * (limits.manifestBytes + 128 * 1024));

/**
 * The tar of both files, `sealedAtSeconds` (since 1970) as their time, padded to its PADMÉ length: in pieces, of which
 * none is a copy of a file.
 */
export function encodeManifestArchive(
  seal: string,
  archive: ManifestArchive,
  sealedAtSeconds: number,
): readonly Uint8Array[] {
  return [...partsOf(seal, archive, sealedAtSeconds)];
}

/**
 * Takes both files out and accepts the archive only if encoding them gives the same bytes again. Throws
 * MANIFEST_MALFORMED.
 */
export function decodeManifestArchive(seal: string, archive: Uint8Array, sealedAtSeconds: number): ManifestArchive {
  const manifest = contentAt(archive, 0);
  const signature = contentAt(archive, tarBlockSizeBytes + manifest.length + paddingToBlock(manifest.length));
  if (signature.length > limits.signatureBytes) throw malformedManifest("has a signature of the wrong size");
  let left = archive;
  for (const part of partsOf(seal, { manifest, signature }, sealedAtSeconds)) {
    if (!equal(left.subarray(0, part.length), part)) throw malformedManifest("is not packed as evseal packs it");
    left = left.subarray(part.length);
  }
  if (left.length > 0) throw malformedManifest("is not packed as evseal packs it");
  return { manifest, signature };
}

function* partsOf(
  seal: string,
  { manifest, signature }: ManifestArchive,
  sealedAtSeconds: number,
): Generator<Uint8Array, void> {
  let sizeBytes = 0;
  for (const [path, content] of [
    [archivePaths.manifest(seal), manifest],
    [archivePaths.manifestSignature(seal), signature],
  ] as const) {
    const header = encodeTarHeader({ path, sizeBytes: content.length, modifiedSeconds: sealedAtSeconds });
    const zeros = new Uint8Array(paddingToBlock(content.length));
    yield* [header, content, zeros];
    sizeBytes += header.length + content.length + zeros.length;
  }
  const padding = paddingEntry(archivePaths.padding(seal), sizeBytes);
  yield encodeTarHeader(padding);
  yield new Uint8Array(padding.sizeBytes + tarTrailerSizeBytes);
}

/** The content of the plain ustar entry whose header is at `offset`; only its size field is believed, and checked. */
function contentAt(archive: Uint8Array, offset: number): Uint8Array {
  const field = Buffer.from(archive.subarray(offset + 124, offset + 135)).toString("latin1");
  const sizeBytes = /^[0-7]{11}$/.test(field) ? Number.parseInt(field, 8) : Number.NaN;
  const start = offset + tarBlockSizeBytes;
  if (!(start + sizeBytes <= archive.length)) throw malformedManifest("is not packed as evseal packs it");
  return archive.subarray(start, start + sizeBytes);
}
