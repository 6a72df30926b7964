import type { Recipient } from "../age/recipient.js";
import { seal } from "../age/seal.js";
import { manifestPlaintext } from "../media/manifest-plaintext.js";
import { sign } from "../minisign/sign.js";
import type { SigningKey } from "../minisign/signing-key.js";
import type { PackageFolder } from "../output/package-folder.js";
import { encodeLabel, type Label, type SealedFile } from "../package/label.js";
import { encodeManifestArchive } from "../package/manifest-archive.js";
import { encodeManifest, type StreamedManifest } from "../package/manifest.js";
import { namesFor, trustedComments } from "../package/names.js";
import type { Draft } from "./manifest-draft.js";
import { readBackManifest } from "./read-back.js";

/** A package in the making. */
export interface Sealing {
  readonly folder: PackageFolder;
  readonly draft: Draft;
  readonly recipients: readonly Recipient[];
  readonly signingKey: SigningKey;
}

/** Signs the manifest, then seals it with its signature, to the same recipients under a fresh file key; reads it back. */
export async function sealManifest(
  { folder, draft, recipients, signingKey }: Sealing,
  manifest: StreamedManifest,
): Promise<SealedFile> {
  const { manifest: name } = namesFor(draft.seal);
  const signed = sign(encodeManifest(manifest), signingKey, trustedComments.manifest(draft.seal));
  const files = { manifest: signed.document, signature: signed.signature };
  const archive = encodeManifestArchive(draft.seal, files, Date.parse(draft.sealedAt) / 1000);
  const sealed = seal(manifestPlaintext(archive), recipients);
  const key = sealed.takeFileKey();
  try {
    const written = await folder.writeSealed(name, sealed);
    await readBackManifest(folder.pathsOf(name), written, archive, key);
    return written;
  } finally {
    key.wipe();
    sealed.wipe();
  }
}

export async function writeLabel({ folder, draft, signingKey }: Sealing, label: Label): Promise<void> {
  const signed = sign(encodeLabel(label), signingKey, trustedComments.label(draft.seal));
  await folder.writeSigned(namesFor(draft.seal).label, signed);
}
