import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { onEachDisc } from "../package/label.js";
import type { PackageFiles } from "./package-files.js";
import { altered, foreignDisc } from "./refusals.js";
import { readSealedManifest } from "./sealed-manifest.js";
import { verifyLabelSignature, type VerifiedLabel } from "./verified-label.js";

/** A label that a signer we trust has signed; of the container and the manifest nothing is known yet. */
export type ProvenLabel = Pick<VerifiedLabel, "label" | "signer" | "manifest">;

/** The label of folders of which some may be damaged, and one that has the manifest whole. */
export interface ProvenPackage extends ProvenLabel {
  readonly files: PackageFiles;
}

/**
 * The label of the first folder in which it is proven. A folder in which it is not may still have parts that are whole.
 * Throws DISC_FOREIGN where two are proven that differ; where none is, what the first was refused for.
 */
export async function proveLabel(folders: readonly PackageFiles[], trusted: TrustedSigners): Promise<ProvenLabel> {
  let first: Awaited<ReturnType<typeof verifyLabelSignature>> | undefined;
  let failure: EvsealError | undefined;
  for (const files of folders) {
    try {
      const found = await verifyLabelSignature(files, trusted);
      first ??= found;
      if (found.labelHashes[0]?.sha256 !== first.labelHashes[0]?.sha256) throw foreignDisc();
    } catch (cause) {
      if (!isDamage(cause) || cause.code === "DISC_FOREIGN") throw cause;
      failure ??= cause;
    }
  }
  if (first === undefined) throw existing(failure, "a folder of the package");
  const { label, signer } = first;
  return { label, signer, manifest: existing(onEachDisc(label)[0], "the label's manifest") };
}

/** Adds the first folder whose manifest is the label's. Throws ALTERED. */
export async function proveManifest(folders: readonly PackageFiles[], proven: ProvenLabel): Promise<ProvenPackage> {
  for (const files of folders) {
    try {
      return await readSealedManifest(files, proven.manifest, () => Promise.resolve({ ...proven, files }));
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
    }
  }
  throw altered();
}

/** What is damaged can look like a label that nobody we trust has signed. */
function isDamage(cause: unknown): cause is EvsealError {
  return cause instanceof EvsealError && (cause.exitCode === 4 || cause.exitCode === 6);
}
