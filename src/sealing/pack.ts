import { EvsealError, existing } from "../errors.js";
import type { Card } from "../keys/card.js";
import { refuseRecipientKeyHere } from "../keys/recipient-key-here.js";
import { listSources, requireUnchanged } from "../media/source-list.js";
import type { SigningKey } from "../minisign/signing-key.js";
import { freeBytesAt, requireFreeBytes } from "../output/free-space.js";
import { requireOnlyPackages } from "../output/out-folder.js";
import { refuseOverlap, refusePassphrase, type KeptBack } from "../output/overlap.js";
import { PackageFolder } from "../output/package-folder.js";
import { totalsOf } from "../package/checked-manifest.js";
import { howToOpen } from "../package/how-to-open.js";
import type { LabelledFile, Party } from "../package/label.js";
import type { CaseRecord } from "../package/manifest.js";
import { layOutMedia } from "../package/media-archive.js";
import { howToName } from "../package/names.js";
import { newSealNumber } from "../package/seal-number.js";
import { instantOf } from "../package/text-field.js";
import type { Volume } from "../package/volumes.js";
import type { Spread } from "../ring/pipeline.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { completeLabel, completeManifest, requireRoomInManifest, type Draft } from "./manifest-draft.js";
import { planPackage, type PackagePlan } from "./package-plan.js";
import { readBackLabel } from "./read-back.js";
import { checkRecipients } from "./recipients.js";
import { sealManifest, writeLabel, type Sealing } from "./seal-documents.js";
import { beginMedia, sealMedia } from "./seal-media.js";

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
  /** What it goes on: the container is cut so that every disc holds its share. Without it, it is one file of any size. */
  readonly volume?: Volume;
  readonly planned?: (needs: PackageNeeds) => void;
}

/** Told before anything is sealed, of a package for a volume. */
export interface PackageNeeds {
  readonly discCount: number;
  /** Of all discs together, in the output folder. */
  readonly sizeBytes: number;
  /** There, where its file system says so. */
  readonly freeBytes: number | undefined;
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
  readonly containers: readonly LabelledFile[];
  readonly readBack: true;
}

/**
 * Seals `sources` into one package under `outDir`. When this resolves the package is complete, read back and durable;
 * when it rejects nothing of it is left. Throws the codes of `checkRecipients`, `listSources`, `refuseOverlap`,
 * `requireOnlyPackages`, `refuseRecipientKeyHere`, `planPackage`, and KEY_NOT_OURS, PRIVATE_KEY_IN_SOURCE,
 * SOURCE_CHANGED, READ_BACK_DIFFERS, OUTPUT_…, INTERRUPTED.
 */
export async function pack(request: PackRequest): Promise<PackResult> {
  const { sources, outDir, sender, record, kept = {}, watch, cores = 1 } = request;
  const sealedAt = instantOf(request.clock());
  if (sender.signingKey.publicKey.encoded !== sender.card.signingKey) throw notOurKey();
  const recipients = checkRecipients(request.recipients, sender.card, new Date(sealedAt));
  if (kept.home !== undefined) await refuseRecipientKeyHere(kept.home, sender.card, request.recipients);
  const meet = await refuseOverlap(outDir, sources, kept);
  await requireOnlyPackages(outDir, kept.passphraseFile);
  const files = await listSources(sources, watch, meet);
  const seal = newSealNumber();
  const layout = layOutMedia(seal, files);
  const draft: Draft = { seal, sealedAt, sender: sender.card, recipients: request.recipients, record, layout };
  const manifestSizeBytes = requireRoomInManifest(draft);

  const spread: Spread = { cores };
  const sealed = beginMedia(files, layout, recipients, spread);
  try {
    const plan = planPackage(draft, { startSizeBytes: sealed.start.length, manifestSizeBytes }, request.volume);
    if (request.volume !== undefined) await requireSpace(plan, request);
    const folder = await PackageFolder.create(outDir, seal, new Date(sealedAt), plan.discCount);
    try {
      const sealing: Sealing = { folder, draft, recipients, signingKey: sender.signingKey };
      const { container, parts, hashes } = await sealMedia(sealing, sealed, plan.parts, spread, watch);
      refusePassphrase(hashes, kept.passphraseHashes);
      const manifest = await sealManifest(
        sealing,
        completeManifest(draft, container, (index) => existing(hashes[index], "a hash")),
      );
      const howTo = await folder.writePublic(howToName, howToOpen);
      const label = completeLabel(draft, [...parts, manifest, howTo]);
      await writeLabel(sealing, label);
      await requireUnchanged(sources, files, watch);
      throwIfInterrupted(watch);
      await readBackLabel(folder.stagingPath, sender.card);
      await folder.commit();
      return {
        seal,
        package: folder.path,
        sealedAt,
        sender: label.sender,
        recipients: label.recipients,
        ...contentOf(draft),
        containers: parts,
        readBack: true,
      };
    } catch (cause) {
      await folder.discard();
      throw cause;
    }
  } finally {
    sealed.wipe();
  }
}

/** Throws OUTPUT_NO_SPACE. */
async function requireSpace({ discCount, sizeBytes }: PackagePlan, { outDir, planned }: PackRequest): Promise<void> {
  const freeBytes = await freeBytesAt(outDir);
  planned?.({ discCount, sizeBytes, freeBytes });
  requireFreeBytes(freeBytes, sizeBytes);
}

function contentOf({ layout }: Draft): Pick<PackResult, "files" | "bytes"> {
  const totals = totalsOf(layout);
  return { files: totals.files, bytes: totals.bytes };
}

function notOurKey(): EvsealError {
  return new EvsealError("KEY_NOT_OURS", "the signing key is not the one on your own card", {
    hint: "name the key file that was made together with your card, or make a new card",
  });
}
