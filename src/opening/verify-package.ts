import { drain } from "../bytes.js";
import { Sha256 } from "../crypto/digest.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import type { Label, Party, SealedFile } from "../package/label.js";
import { partOf, watched, type Watch } from "../watch.js";
import { PackageFiles } from "./package-files.js";
import { altered } from "./refusals.js";
import { requireSealed } from "./sealed-structure.js";
import { verifyLabel } from "./verified-label.js";

/** What `verify --json` prints. */
export interface VerifyResult {
  readonly ok: true;
  readonly seal: string;
  readonly sealedAt: string;
  readonly sender: Party & { readonly trusted: true };
  readonly recipients: readonly Party[];
  readonly containers: readonly SealedFile[];
}

export interface FileHash {
  readonly name: string;
  readonly sha256: string;
}

/** A package of which every file was read and found right. */
export interface VerifiedPackage {
  readonly label: Label;
  /** Of all its files. */
  readonly hashes: readonly FileHash[];
}

/**
 * The label's signature by a trusted signer, the set of files, the SHA-256 of each, and the form of the sealed ones;
 * needs no private key.
 */
export async function verifyWholePackage(
  files: PackageFiles,
  { trusted, watch }: { trusted: TrustedSigners; watch: Watch },
): Promise<VerifiedPackage> {
  const { label, labelHashes, container, manifest } = await verifyLabel(files, trusted);
  const sealed = [manifest, container];
  const totalBytes = sealed.reduce((total, { size }) => total + size, 0);
  let doneBytes = 0;
  for (const file of sealed) {
    await verifySealed(files, file, label.recipients.length, partOf(watch, doneBytes, totalBytes));
    doneBytes += file.size;
  }
  return { label, hashes: [...labelHashes, ...label.files.map(({ name, sha256 }) => ({ name, sha256 }))] };
}

/** What `verify` says of a package that passes. */
export async function verifyPackage(
  path: string,
  options: { trusted: TrustedSigners; watch: Watch },
): Promise<VerifyResult> {
  const { label } = await verifyWholePackage(await PackageFiles.in(path), options);
  return {
    ok: true,
    seal: label.seal,
    sealedAt: label.sealedAt,
    sender: { ...label.sender, trusted: true },
    recipients: label.recipients,
    containers: label.files.slice(0, 1),
  };
}

async function verifySealed(
  files: PackageFiles,
  { name, sha256 }: SealedFile,
  recipientCount: number,
  watch: Watch,
): Promise<void> {
  const source = await files.open(name);
  try {
    const hash = new Sha256();
    await drain(watched(source.chunks(hash), watch, "verifying", source.sizeBytes));
    if (hash.hex() !== sha256) throw altered();
    await requireSealed(source, recipientCount);
  } finally {
    await source.close();
  }
}
