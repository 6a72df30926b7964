import type { Identity } from "../age/identity.js";
import type { CopiesSurvey } from "../age/copies-survey.js";
import { provenBy } from "../crypto/digest.js";
import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { refusePackagesIn } from "../output/out-folder.js";
import { refuseInsidePackage } from "../output/overlap.js";
import { requireSafeTarget } from "../output/open-target.js";
import { RecoveredFolder } from "../output/recovered-folder.js";
import { contentDiffers } from "../package/media-archive-reader.js";
import { salvagedName, sealOfFileName } from "../package/names.js";
import { UnsafeName } from "../unsafe-name.js";
import { partOf, throwIfInterrupted, watched, type Watch } from "../watch.js";
import { copiedParts } from "./container-copies.js";
import { isContainerAsSigned } from "./mended-container.js";
import { PackageDiscs } from "./package-discs.js";
import { proveLabel, proveManifest } from "./proven-package.js";
import { proofFiles, recoveredMedia } from "./recovered-files.js";
import { salvageReport } from "./salvage-report.js";
import type { SalvagedFile, SalvageResult } from "./salvage-result.js";
import { withSurvey } from "./surveyed-container.js";
import { openManifest, type VerifiedManifest } from "./verified-manifest.js";

export interface SalvageOptions {
  /** An existing folder. */
  readonly outDir: string;
  /** As for `openPackage`. */
  readonly allowedTargets?: readonly string[];
  readonly trusted: TrustedSigners;
  readonly identities: readonly Identity[];
  readonly watch: Watch;
}

/**
 * Recovers from damaged folders of a package, or of some of its discs, the files of which every chunk is whole in one of
 * them and which have the SHA-256 of the manifest. Label and manifest must be proven, from any of them. A failure leaves
 * nothing under a final name. Each of `paths` is as for `PackageDiscs.in`.
 */
export async function salvagePackage(paths: readonly string[], options: SalvageOptions): Promise<SalvageResult> {
  const { outDir, trusted, identities } = options;
  const { folders } = await PackageDiscs.in(paths, sealOfFileName);
  for (const { path } of folders) await refuseInsidePackage(outDir, path);
  await refusePackagesIn(outDir);
  const target = await requireSafeTarget(outDir, options.allowedTargets);
  const proven = await proveManifest(folders, await proveLabel(folders, trusted));
  const manifest = await openManifest(proven.files, proven, identities);
  const folder = await RecoveredFolder.create(outDir, salvagedName(proven.label.seal), target);
  try {
    const parts = copiedParts(proven.label, folders);
    const { watch } = options;
    const result = await withSurvey({ label: proven.label, parts }, manifest.media, watch, async (survey, opened) => {
      if ("refused" in survey) return await recover(manifest, undefined, folder, watch);
      const found = await recover(manifest, survey, folder, watch);
      // Of what is around the files, a recipient can have put something else where it authenticates.
      return found.ok ? { ...found, ok: await isContainerAsSigned(survey, opened, manifest.media, watch) } : found;
    });
    if (result.whole === 0) {
      await folder.discard();
      return result;
    }
    const sealedAt = new Date(proven.label.sealedAt);
    for (const file of [...proofFiles(manifest, sealedAt), salvageReport(result, sealedAt)]) await folder.write(file);
    await folder.commit();
    return { ...result, out: folder.path };
  } catch (cause) {
    await folder.discard();
    throw cause;
  }
}

async function recover(
  manifest: VerifiedManifest,
  survey: CopiesSurvey | undefined,
  folder: RecoveredFolder,
  watch: Watch,
): Promise<SalvageResult> {
  const { seal, sender, totals } = manifest.manifest;
  const { archiveSizeBytes } = manifest.media.layout;
  const files: SalvagedFile[] = [];
  let doneBytes = 0;
  for (const index of manifest.files.keys()) {
    throwIfInterrupted(watch);
    const file = await recoverFile(manifest, index, survey, folder, partOf(watch, doneBytes, totals.bytes));
    doneBytes += file.sizeBytes;
    files.push(file);
  }
  const amount = (wanted: SalvagedFile["state"]): number => files.filter(({ state }) => state === wanted).length;
  const lostBytes = survey?.lostBytes(0, archiveSizeBytes) ?? archiveSizeBytes;
  return {
    ok: lostBytes === 0 && amount("whole") === files.length,
    seal,
    sender: { unit: sender.unit, fingerprint: sender.fingerprint },
    whole: amount("whole"),
    partial: amount("partial"),
    lost: amount("lost"),
    bytes: files.reduce((total, { state, sizeBytes }) => total + (state === "whole" ? sizeBytes : 0), 0),
    lostBytes,
    files,
  };
}

/** Writes the file if all of it is whole. */
async function recoverFile(
  manifest: VerifiedManifest,
  index: number,
  survey: CopiesSurvey | undefined,
  folder: RecoveredFolder,
  watch: Watch,
): Promise<SalvagedFile> {
  const { path, sizeBytes } = existing(manifest.files[index], "a file of the manifest");
  const { offset } = existing(manifest.manifest.files[index], "a file of the manifest");
  const name = UnsafeName.of(path.text);
  const lostBytes = survey?.lostBytes(offset, sizeBytes) ?? sizeBytes;
  const inPart = { path: name, sizeBytes, lostBytes, state: lostBytes < sizeBytes ? "partial" : "lost" } as const;
  if (survey === undefined || lostBytes > 0) return inPart;
  try {
    const content = watched(survey.read(offset, sizeBytes), watch, "opening", sizeBytes);
    const proven = provenBy(manifest.media.hashes[index], content, contentDiffers);
    await folder.write(recoveredMedia(manifest, index, proven));
    return { path: name, sizeBytes, lostBytes: 0, state: "whole" };
  } catch (cause) {
    // The disc gives out by now, or the container is another package's: what does not prove itself is not there.
    if (!(cause instanceof EvsealError) || cause.exitCode !== 6) throw cause;
    return { path: name, sizeBytes, lostBytes: sizeBytes, state: "lost" };
  }
}
