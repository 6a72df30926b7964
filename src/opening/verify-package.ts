import { drain } from "../bytes.js";
import { provenBy } from "../crypto/digest.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import {
  containerSizeBytes,
  onEachDisc,
  partsOf,
  totalSizeBytes,
  type Label,
  type LabelledFile,
  type Party,
} from "../package/label.js";
import { partOf, watched, type Watch } from "../watch.js";
import { eachDisc, type NextDisc } from "./each-disc.js";
import type { PackageFiles } from "./package-files.js";
import { discWords } from "./disc-words.js";
import { altered } from "./refusals.js";
import { requireSealed } from "./sealed-structure.js";
import type { VerifiedDisc } from "./verified-discs.js";
import { verifyLabel } from "./verified-label.js";

/** What `verify --json` prints. */
export interface VerifyResult {
  readonly ok: true;
  readonly seal: string;
  readonly sealedAt: string;
  readonly sender: Party & { readonly trusted: true };
  readonly recipients: readonly Party[];
  readonly containers: readonly LabelledFile[];
}

export interface FileHash {
  readonly name: string;
  readonly sha256: string;
}

/** A package's folder, or that of one of its discs, of which every file was read and found right. */
export interface VerifiedFolder {
  readonly label: Label;
  /** The container, or the parts of it that are here. */
  readonly parts: readonly LabelledFile[];
  /** Of all files in the folder. */
  readonly hashes: readonly FileHash[];
}

/**
 * The label's signature by a trusted signer, the set of files, the SHA-256 of each, and the form of the sealed ones;
 * needs no private key.
 */
export async function verifyFolder(
  files: PackageFiles,
  { trusted, watch }: { trusted: TrustedSigners; watch: Watch },
): Promise<VerifiedFolder> {
  const disc = { ...(await verifyLabel(files, trusted)), files };
  await verifySealedFiles(disc, watch);
  const { label, labelHashes, partsHere: parts } = disc;
  return { label, parts, hashes: [...labelHashes, ...[...parts, ...onEachDisc(label)].map(hashOf)] };
}

export interface VerifyOptions {
  readonly trusted: TrustedSigners;
  readonly watch: Watch;
  /** Asked for a disc that is missing; without it, one that is missing is a failure. */
  readonly nextDisc?: NextDisc | undefined;
}

/** What `verify` says of a package that passes; each of `paths` is as for `PackageDiscs.in`. */
export async function verifyPackage(paths: readonly string[], options: VerifyOptions): Promise<VerifyResult> {
  const { trusted, watch, nextDisc } = options;
  let doneBytes = 0;
  const { label } = await eachDisc(paths, { trusted, nextDisc }, async (disc) => {
    await verifySealedFiles(disc, partOf(watch, doneBytes, containerSizeBytes(disc.label)));
    doneBytes += totalSizeBytes(disc.partsHere);
  });
  return {
    ok: true,
    seal: label.seal,
    sealedAt: label.sealedAt,
    sender: { ...label.sender, trusted: true },
    recipients: label.recipients,
    containers: partsOf(label),
  };
}

/** That each has its SHA-256 and, where its beginning is here, the form of a sealed file. Throws ALTERED, NOT_SEALED. */
async function verifySealedFiles({ files, label, manifest, partsHere }: VerifiedDisc, watch: Watch): Promise<void> {
  const disc = discWords(label, partsHere[0]?.disc);
  const [beginning] = partsOf(label);
  const totalBytes = totalSizeBytes(partsHere);
  let doneBytes = 0;
  for (const { name, sha256, size } of [manifest, ...partsHere]) {
    const source = await files.open(name);
    try {
      const chunks = provenBy(sha256, source.chunks(), () => altered(undefined, disc));
      if (name === manifest.name) await drain(chunks);
      else {
        await drain(watched(chunks, partOf(watch, doneBytes, totalBytes), "verifying", source.sizeBytes));
        doneBytes += size;
      }
      const isFirst = name === beginning?.name;
      if (isFirst || name === manifest.name)
        await requireSealed(source, isFirst ? containerSizeBytes(label) : size, label.recipients.length);
    } finally {
      await source.close();
    }
  }
}

function hashOf({ name, sha256 }: FileHash): FileHash {
  return { name, sha256 };
}
