import { drain } from "../bytes.js";
import { provenBy } from "../crypto/digest.js";
import type { EvsealError } from "../errors.js";
import type { SealedFile } from "../package/label.js";
import { sealedManifestCapBytes } from "../package/manifest-archive.js";
import { malformedManifest } from "../package/manifest.js";
import type { PackageFiles } from "./package-files.js";
import { altered } from "./refusals.js";

/**
 * Proves that the sealed manifest in `files` is the one of the label, and only then lets `read` have it, once more against
 * its hash: damage must not look like a key that is not ours. Nothing of it is kept. Throws ALTERED, MANIFEST_MALFORMED.
 */
export async function readSealedManifest<T>(
  files: PackageFiles,
  { name, sha256 }: SealedFile,
  read: (sealed: AsyncIterable<Uint8Array>, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const source = await files.open(name);
  try {
    if (source.sizeBytes > sealedManifestCapBytes) throw manifestTooLarge();
    const proven = (): AsyncIterable<Uint8Array> => provenBy(sha256, source.chunks(), altered);
    await drain(proven());
    return await read(proven(), source.sizeBytes);
  } finally {
    await source.close();
  }
}

export function manifestTooLarge(): EvsealError {
  return malformedManifest("is too large");
}
