import type { Recipient } from "../age/recipient.js";
import { seal } from "../age/seal.js";
import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { fingerprintOf } from "../keys/fingerprint.js";
import { manifestPlaintext } from "../media/manifest-plaintext.js";
import { readMedia } from "../media/media-plaintext.js";
import type { SourceFile } from "../media/source-file.js";
import { listSources } from "../media/source-list.js";
import type { SigningKey } from "../minisign/signing-key.js";
import { sign } from "../minisign/sign.js";
import { refuseOverlap, requireOnlyPackages } from "../output/out-folder.js";
import { PackageFolder } from "../output/package-folder.js";
import { howToOpen } from "../package/how-to-open.js";
import { encodeLabel, type Label, type Party, type SealedFile } from "../package/label.js";
import { howToName, namesFor, trustedComments } from "../package/layout.js";
import { encodeManifest, type CaseRecord, type Manifest } from "../package/manifest.js";
import { encodeManifestArchive } from "../package/manifest-archive.js";
import { layOutMedia, type MediaLayout } from "../package/media-archive.js";
import { newSealNumber } from "../package/seal-number.js";
import { instantOf } from "../package/text-field.js";
import { version } from "../version.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { readBackManifest, readBackMedia } from "./read-back.js";
import { checkRecipients } from "./recipients.js";

export interface PackRequest {
  /** Files and folders as the user named them; each is packed under its own last name. */
  readonly sources: readonly string[];
  readonly recipients: readonly Card[];
  readonly sender: { readonly card: Card; readonly signingKey: SigningKey };
  /** An existing folder that holds nothing but packages. */
  readonly outDir: string;
  readonly record: CaseRecord;
  readonly clock: () => Date;
  readonly watch: Watch;
}

/** What `pack --json` prints. Holds no file names: a log of it gives nothing away. */
export interface PackResult {
  readonly seal: string;
  readonly package: string;
  readonly sealedAt: string;
  readonly sender: Party;
  readonly recipients: readonly Party[];
  readonly files: number;
  readonly bytes: number;
  readonly containers: readonly SealedFile[];
  readonly readBack: true;
}

/**
 * Seals `sources` into one package under `outDir`. When this resolves the package is complete, read back and durable;
 * when it rejects nothing of it is left. Throws the codes of `checkRecipients`, `listSources`, `refuseOverlap`,
 * `requireOnlyPackages`, and KEY_NOT_OURS, SOURCE_CHANGED, READ_BACK_DIFFERS, OUTPUT_…, INTERRUPTED.
 */
export async function pack(request: PackRequest): Promise<PackResult> {
  const { sources, outDir, sender, watch } = request;
  const sealedAt = instantOf(request.clock());
  if (sender.signingKey.publicKey.encoded !== sender.card.signingKey) throw notOurKey();
  const recipients = checkRecipients(request.recipients, sender.card, new Date(sealedAt));
  await refuseOverlap(outDir, sources);
  await requireOnlyPackages(outDir);
  const files = await listSources(sources, watch);

  const number = newSealNumber();
  const folder = await PackageFolder.create(outDir, number, new Date(sealedAt));
  try {
    const context: Sealing = { folder, seal: number, recipients, sender, watch };
    const media = await sealMedia(context, files);
    const parties = { sender: partyOf(sender.card), recipients: request.recipients.map(partyOf) };
    const manifest = await sealManifest(context, {
      format: "evseal/manifest/v1",
      seal: number,
      sealedAt,
      sender: { ...parties.sender, signingKey: sender.card.signingKey },
      recipients: request.recipients.map((card) => ({
        ...partyOf(card),
        recipient: card.recipient,
        role: "recipient" as const,
      })),
      ...media,
      record: request.record,
      readBack: true,
      tool: { name: "evseal", version },
    });
    const howTo = await folder.writePublic(howToName, howToOpen);
    await writeLabel(context, {
      format: "evseal/label/v1",
      seal: number,
      sealedAt,
      ...parties,
      files: [media.container, manifest, howTo],
    });
    throwIfInterrupted(watch);
    return {
      seal: number,
      package: await folder.commit(),
      sealedAt,
      ...parties,
      files: media.totals.files,
      bytes: media.totals.bytes,
      containers: [media.container],
      readBack: true,
    };
  } catch (cause) {
    await folder.discard();
    throw cause;
  }
}

interface Sealing {
  readonly folder: PackageFolder;
  readonly seal: string;
  readonly recipients: readonly Recipient[];
  readonly sender: PackRequest["sender"];
  readonly watch: Watch;
}

/** Writes the media container and reads it back; only then are its numbers worth a place in the manifest. */
async function sealMedia(
  { folder, seal: number, recipients, watch }: Sealing,
  files: readonly SourceFile[],
): Promise<Pick<Manifest, "container" | "totals" | "files">> {
  const { container: name } = namesFor(number);
  const layout = layOutMedia(number, files);
  const media = readMedia(files, layout, watch);
  const sealed = seal(media.plaintext, recipients);
  const key = sealed.takeFileKey();
  try {
    const container = await folder.writeSealed(name, sealed);
    const { sha256 } = container;
    await readBackMedia({ path: folder.pathOf(name), sha256, layout, hashes: media.hashes, unlock: () => key }, watch);
    return { container, ...manifestFiles(files, layout, media.hashes) };
  } finally {
    key.wipe();
    sealed.wipe();
  }
}

function manifestFiles(
  files: readonly SourceFile[],
  layout: MediaLayout,
  hashes: readonly string[],
): Pick<Manifest, "totals" | "files"> {
  const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    totals: { files: files.length, bytes, padding: layout.padding.sizeBytes },
    files: files.map(({ path, sizeBytes, modified }, index) => ({
      sha256: hashes[index] ?? "",
      path: path.text,
      size: sizeBytes,
      modified,
      offset: layout.entries[index]?.offset ?? 0,
    })),
  };
}

/** Signs the manifest, then seals it with its signature, to the same recipients under a fresh file key. */
async function sealManifest(
  { folder, seal: number, recipients, sender }: Sealing,
  manifest: Manifest,
): Promise<SealedFile> {
  const { manifest: name } = namesFor(number);
  const signed = sign(encodeManifest(manifest), sender.signingKey, trustedComments.manifest(number));
  const archive = encodeManifestArchive(
    number,
    { manifest: signed.document, signature: signed.signature },
    Date.parse(manifest.sealedAt) / 1000,
  );
  const sealed = seal(manifestPlaintext(archive), recipients);
  const key = sealed.takeFileKey();
  try {
    const written = await folder.writeSealed(name, sealed);
    await readBackManifest(folder.pathOf(name), written, archive, key);
    return written;
  } finally {
    key.wipe();
    sealed.wipe();
  }
}

async function writeLabel({ folder, seal: number, sender }: Sealing, label: Label): Promise<void> {
  const signed = sign(encodeLabel(label), sender.signingKey, trustedComments.label(number));
  await folder.writeSigned(namesFor(number).label, signed);
}

function partyOf(card: Card): Party {
  return { unit: card.unit, fingerprint: fingerprintOf(card).hex };
}

function notOurKey(): EvsealError {
  return new EvsealError("KEY_NOT_OURS", "the signing key is not the one on your own card", {
    hint: "name the key file that was made together with your card, or make a new card",
  });
}
