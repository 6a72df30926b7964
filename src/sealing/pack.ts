import type { Recipient } from "../age/recipient.js";
import { SealedContainer } from "../age/sealed-container.js";
import { seal } from "../age/seal.js";
import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { manifestPlaintext } from "../media/manifest-plaintext.js";
import { mediaReading } from "../media/media-reading.js";
import type { SourceFile } from "../media/source-file.js";
import { listSources, requireUnchanged } from "../media/source-list.js";
import type { SigningKey } from "../minisign/signing-key.js";
import { sign } from "../minisign/sign.js";
import { refuseRecipientKeyHere } from "../keys/recipient-key-here.js";
import { requireOnlyPackages } from "../output/out-folder.js";
import { refuseOverlap, refusePassphrase, type KeptBack } from "../output/overlap.js";
import { PackageFolder } from "../output/package-folder.js";
import { howToOpen } from "../package/how-to-open.js";
import { encodeLabel, type Label, type Party, type SealedFile } from "../package/label.js";
import { howToName, namesFor, trustedComments } from "../package/names.js";
import { encodeManifest, type CaseRecord, type Manifest } from "../package/manifest.js";
import { totalsOf } from "../package/checked-manifest.js";
import { encodeManifestArchive } from "../package/manifest-archive.js";
import { layOutMedia } from "../package/media-archive.js";
import { newSealNumber } from "../package/seal-number.js";
import { instantOf } from "../package/text-field.js";
import { slotsFor, type Spread } from "../ring/pipeline.js";
import { useStage } from "../ring/stage.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { completeManifest, partyOf, requireRoomInManifest, type Draft } from "./manifest-draft.js";
import { readBackLabel, readBackManifest, readBackMedia } from "./read-back.js";
import { checkRecipients } from "./recipients.js";

export interface PackRequest {
  /** Files and folders as the user named them; each is packed under its own last name. */
  readonly sources: readonly string[];
  readonly recipients: readonly Card[];
  readonly sender: { readonly card: Card; readonly signingKey: SigningKey };
  /** An existing folder that holds nothing but packages. */
  readonly outDir: string;
  readonly record: CaseRecord;
  /** What must never travel. */
  readonly kept?: KeptBack & {
    /** The SHA-256 of what a file with the passphrase holds. */
    readonly passphraseHashes?: readonly string[];
  };
  readonly clock: () => Date;
  readonly watch: Watch;
  /** How many the machine has for this; without it, one thread does everything. */
  readonly cores?: number;
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
 * `requireOnlyPackages`, `refuseRecipientKeyHere`, and KEY_NOT_OURS, PRIVATE_KEY_IN_SOURCE, SOURCE_CHANGED, READ_BACK_DIFFERS, OUTPUT_…, INTERRUPTED.
 */
export async function pack(request: PackRequest): Promise<PackResult> {
  const { sources, outDir, sender, record, kept = {}, watch } = request;
  const sealedAt = instantOf(request.clock());
  if (sender.signingKey.publicKey.encoded !== sender.card.signingKey) throw notOurKey();
  const recipients = checkRecipients(request.recipients, sender.card, new Date(sealedAt));
  if (kept.home !== undefined) await refuseRecipientKeyHere(kept.home, sender.card, request.recipients);
  const meet = await refuseOverlap(outDir, sources, kept);
  await requireOnlyPackages(outDir, kept.passphraseFile);
  const files = await listSources(sources, watch, meet);
  const sealNumber = newSealNumber();
  const layout = layOutMedia(sealNumber, files);
  const cards = { sender: sender.card, recipients: request.recipients };
  const draft: Draft = { seal: sealNumber, sealedAt, ...cards, record, files, layout };
  requireRoomInManifest(draft);

  const folder = await PackageFolder.create(outDir, sealNumber, new Date(sealedAt));
  try {
    const sealing: Sealing = { folder, draft, recipients, signingKey: sender.signingKey };
    const { container, hashes } = await sealMedia(sealing, files, request);
    refusePassphrase(hashes, kept.passphraseHashes);
    const manifest = await sealManifest(sealing, completeManifest(draft, container, hashes));
    const howTo = await folder.writePublic(howToName, howToOpen);
    const parties = { sender: partyOf(sender.card), recipients: request.recipients.map(partyOf) };
    const labelled = [container, manifest, howTo];
    await writeLabel(sealing, {
      format: "evseal/label/v1",
      seal: sealNumber,
      sealedAt,
      ...parties,
      files: labelled,
    });
    await requireUnchanged(sources, files, watch);
    throwIfInterrupted(watch);
    await readBackLabel(folder.pathOf("."), sender.card);
    await folder.commit();
    const { files: count, bytes } = totalsOf(files, layout);
    const containers = [container];
    return {
      seal: sealNumber,
      package: folder.path,
      sealedAt,
      ...parties,
      files: count,
      bytes,
      containers,
      readBack: true,
    };
  } catch (cause) {
    await folder.discard();
    throw cause;
  }
}

interface Sealing {
  readonly folder: PackageFolder;
  readonly draft: Draft;
  readonly recipients: readonly Recipient[];
  readonly signingKey: SigningKey;
}

/** Writes the media container and reads it back; only then are its numbers worth a place in the manifest. */
async function sealMedia(
  { folder, draft, recipients }: Sealing,
  files: readonly SourceFile[],
  { cores = 1, watch }: PackRequest,
): Promise<{ container: SealedFile; hashes: readonly string[] }> {
  const { container: name } = namesFor(draft.seal);
  const { layout } = draft;
  const spread: Spread = { cores };
  const reading = useStage(mediaReading, { places: files.map(({ place }) => place), layout });
  const sealed = SealedContainer.of(
    reading,
    layout.archiveSizeBytes,
    recipients,
    slotsFor(layout.archiveSizeBytes, spread),
  );
  const key = sealed.takeFileKey();
  try {
    const { file: container, found: hashes } = await folder.writeContainer(name, sealed, spread, watch);
    const pieces = [{ path: folder.pathOf(name), offset: 0, sizeBytes: container.size }];
    const media = { pieces, layout, hashes, unlock: () => key };
    await readBackMedia(media, spread, watch);
    return { container, hashes };
  } finally {
    key.wipe();
    sealed.wipe();
  }
}

/** Signs the manifest, then seals it with its signature, to the same recipients under a fresh file key. */
async function sealManifest(
  { folder, draft, recipients, signingKey }: Sealing,
  manifest: Manifest,
): Promise<SealedFile> {
  const { manifest: name } = namesFor(draft.seal);
  const signed = sign(encodeManifest(manifest), signingKey, trustedComments.manifest(draft.seal));
  const files = { manifest: signed.document, signature: signed.signature };
  const archive = encodeManifestArchive(draft.seal, files, Date.parse(draft.sealedAt) / 1000);
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

async function writeLabel({ folder, draft, signingKey }: Sealing, label: Label): Promise<void> {
  const signed = sign(encodeLabel(label), signingKey, trustedComments.label(draft.seal));
  await folder.writeSigned(namesFor(draft.seal).label, signed);
}

function notOurKey(): EvsealError {
  return new EvsealError("KEY_NOT_OURS", "the signing key is not the one on your own card", {
    hint: "name the key file that was made together with your card, or make a new card",
  });
}
