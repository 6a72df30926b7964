import picomatch from "picomatch";
import type { Identity } from "../age/identity.js";
import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { refusePackagesIn } from "../output/out-folder.js";
import { refuseInsidePackage } from "../output/overlap.js";
import { requireSafeTarget, type OpenTarget } from "../output/open-target.js";
import { RecoveredFolder } from "../output/recovered-folder.js";
import type { Party } from "../package/label.js";
import { limits } from "../package/limits.js";
import { openedName, sealOfFileName, sealOfLabelName } from "../package/names.js";
import type { Watch } from "../watch.js";
import { gatherDiscs } from "./disc-gathering.js";
import type { NextDisc } from "./each-disc.js";
import { findCopies, mendContainer, type MendedRegion, type PackageCopies } from "./mended-container.js";
import { PackageDiscs } from "./package-discs.js";
import { proveManifest } from "./proven-package.js";
import { mediaFolder, proofFiles, recoveredMedia } from "./recovered-files.js";
import { DiscsMissing, piecesOf, requireUnaltered, verifyDiscs, type VerifiedDiscs } from "./verified-discs.js";
import { openManifest, type VerifiedManifest } from "./verified-manifest.js";
import { readVerifiedFiles, readVerifiedMedia, type SealedMedia } from "./verified-media.js";

/** What `open --json` prints. */
export interface OpenResult {
  readonly seal: string;
  readonly sender: Party;
  /** The folder that now stands in `outDir`: `<seal>.opened`, or `<seal>.selected` for `--only`. */
  readonly out: string;
  readonly files: number;
  /** How many files the package holds. */
  readonly of: number;
  readonly bytes: number;
  readonly verified: true;
  /** What the first copy did not have whole, where others had to be used. */
  readonly mended?: readonly MendedRegion[];
}

export interface OpenOptions {
  /** An existing folder. */
  readonly outDir: string;
  /** Folders that the unit's policy allows to open below, whatever storage they are on. */
  readonly allowedTargets?: readonly string[];
  /** Of the manifest's paths, those to open; only the chunks of these files are read. */
  readonly only?: FilePattern;
  readonly trusted: TrustedSigners;
  readonly identities: readonly Identity[];
  readonly watch: Watch;
  /** Asked for a disc that is missing; without it, one that is missing is a failure. */
  readonly nextDisc?: NextDisc | undefined;
  /** How many the machine has for this; without it, one thread does everything. */
  readonly cores?: number;
}

/** Whether a path of the manifest is wanted. */
export type FilePattern = (path: string) => boolean;

/** The files that a glob matches, hidden ones too. Throws USAGE for one that is empty or longer than any path. */
export function filePattern(glob: string): FilePattern {
  if (glob.length > 0 && glob.length <= limits.pathBytes) return picomatch(glob, { dot: true });
  throw new EvsealError("USAGE", "the pattern after --only cannot be used", {
    hint: "give a path as evseal list shows it, or a pattern such as '**/*.mp4'",
  });
}

/**
 * Verifies everything, then gives the opened files their place. A failure leaves nothing under a final name. Each of
 * `paths` is as for `PackageDiscs.in`.
 */
export async function openPackage(paths: readonly string[], options: OpenOptions): Promise<OpenResult> {
  const { outDir, trusted, nextDisc } = options;
  const mayBeCopies = paths.length > 1;
  const found = await PackageDiscs.in(paths, mayBeCopies ? sealOfFileName : sealOfLabelName);
  const { folders } = found;
  for (const { path } of folders) await refuseInsidePackage(outDir, path);
  await refusePackagesIn(outDir);
  const target = await requireSafeTarget(outDir, options.allowedTargets);
  const copies = await findCopies(folders, trusted);
  if (copies !== undefined) return await openCopies(copies, target, options);
  const discs = mayBeCopies ? await PackageDiscs.in(paths) : found;
  const open = (verified: VerifiedDiscs): Promise<OpenResult> => openDiscs(verified, target, options);
  // Steps 1 to 3.
  const verified = await verifyDiscs(discs, trusted).catch((cause: unknown) => {
    if (cause instanceof DiscsMissing && nextDisc !== undefined) return undefined;
    throw cause;
  });
  if (verified === undefined && nextDisc !== undefined) return await gatherDiscs(paths, { ...options, nextDisc }, open);
  return await open(existing(verified, "a verified package"));
}

async function openDiscs(verified: VerifiedDiscs, target: OpenTarget, options: OpenOptions): Promise<OpenResult> {
  const manifest = await openManifest(verified.files, verified, options.identities); // steps 4 and 5
  const media: SealedMedia = {
    ...manifest.media,
    pieces: piecesOf(verified),
    requireUnaltered: (watch, cause) => requireUnaltered(verified, watch, cause),
  };
  return await openMedia(manifest, () => Promise.resolve(media), target, options);
}

/** Steps 1 to 5 for copies of which each may be damaged: label and manifest are those of the first that has them whole. */
async function openCopies(copies: PackageCopies, target: OpenTarget, options: OpenOptions): Promise<OpenResult> {
  const proven = await proveManifest(copies.folders, copies);
  const manifest = await openManifest(proven.files, proven, options.identities);
  let mended: readonly MendedRegion[] = [];
  const mend = async (): Promise<SealedMedia> => {
    const container = await mendContainer(copies, manifest.media, options.watch);
    mended = container.mended;
    return { ...manifest.media, pieces: container.pieces };
  };
  const result = await openMedia(manifest, mend, target, options);
  return mended.length > 0 ? { ...result, mended } : result;
}

/** Step 6, once there is a place for what comes of it. */
async function openMedia(
  manifest: VerifiedManifest,
  locate: () => Promise<SealedMedia>,
  target: OpenTarget,
  options: OpenOptions,
): Promise<OpenResult> {
  const { outDir, only, watch } = options;
  const { seal, sealedAt, sender } = manifest.manifest;
  const wanted = select(manifest, only);
  const folder = await RecoveredFolder.create(outDir, openedName(seal, only === undefined), target);
  try {
    const media = await locate();
    // 6. One pass over the container, or over the chunks in which the wanted files stand.
    if (only === undefined) await openAll(manifest, media, folder, options);
    else {
      await readVerifiedFiles(media, wanted, watch, async (index, content) => {
        await folder.write(recoveredMedia(manifest, index, content));
      });
    }
    for (const proof of proofFiles(manifest, new Date(sealedAt))) await folder.write(proof);
    // 7. Only now the final name.
    await folder.commit();
    const bytes = wanted.reduce((total, index) => total + existing(manifest.files[index], "a file").sizeBytes, 0);
    return {
      seal,
      sender: { unit: sender.unit, fingerprint: sender.fingerprint },
      out: folder.path,
      files: wanted.length,
      of: manifest.files.length,
      bytes,
      verified: true,
    };
  } catch (cause) {
    await folder.discard();
    throw cause;
  }
}

async function openAll(
  { files }: VerifiedManifest,
  media: SealedMedia,
  folder: RecoveredFolder,
  { watch, cores = 1 }: OpenOptions,
): Promise<void> {
  const into = await folder.prepare(mediaFolder, files);
  await readVerifiedMedia(media, watch, { phase: "opening", spread: { cores }, fromDisk: false, into });
}

/** The indexes of the files to open. Throws NOTHING_MATCHES. */
function select({ files }: VerifiedManifest, only: FilePattern = () => true): readonly number[] {
  const wanted = [...files.entries()].filter(([, { path }]) => only(path.text)).map(([index]) => index);
  if (wanted.length > 0) return wanted;
  throw new EvsealError("NOTHING_MATCHES", "no file in the package matches --only", {
    hint: "run evseal list to see the paths; ** matches across folders, as in '**/*.mp4'",
  });
}
