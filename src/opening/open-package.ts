import { Readable } from "node:stream";
import picomatch from "picomatch";
import type { Identity } from "../age/identity.js";
import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { refusePackagesIn } from "../output/out-folder.js";
import { refuseInsidePackage } from "../output/overlap.js";
import { requireSafeTarget, type OpenTarget } from "../output/open-target.js";
import { RecoveredFile } from "../output/recovered-file.js";
import type { RecoveredPlace } from "../output/recovered-writer.js";
import { RecoveredFolder } from "../output/recovered-folder.js";
import type { Party } from "../package/label.js";
import { limits } from "../package/limits.js";
import { openedName } from "../package/names.js";
import { PortablePath } from "../package/portable-path.js";
import type { Watch } from "../watch.js";
import { gatherDiscs } from "./disc-gathering.js";
import type { NextDisc } from "./each-disc.js";
import { PackageDiscs } from "./package-discs.js";
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
  const discs = await PackageDiscs.in(paths);
  for (const { path } of discs.folders) await refuseInsidePackage(outDir, path);
  await refusePackagesIn(outDir);
  const target = await requireSafeTarget(outDir, options.allowedTargets);
  const open = (verified: VerifiedDiscs): Promise<OpenResult> => openVerified(verified, target, options);
  // Steps 1 to 3.
  const verified = await verifyDiscs(discs, trusted).catch((cause: unknown) => {
    if (cause instanceof DiscsMissing && nextDisc !== undefined) return undefined;
    throw cause;
  });
  if (verified === undefined && nextDisc !== undefined) return await gatherDiscs(paths, { ...options, nextDisc }, open);
  return await open(existing(verified, "a verified package"));
}

async function openVerified(verified: VerifiedDiscs, target: OpenTarget, options: OpenOptions): Promise<OpenResult> {
  const { outDir, only, identities, watch } = options;
  const { label, files } = verified;
  const manifest = await openManifest(files, verified, identities); // steps 4 and 5
  const media: SealedMedia = {
    ...manifest.media,
    pieces: piecesOf(verified),
    requireUnaltered: (watch, cause) => requireUnaltered(verified, watch, cause),
  };
  const wanted = select(manifest, only);
  const folder = await RecoveredFolder.create(outDir, openedName(label.seal, only === undefined), target);
  try {
    // 6. One pass over the container, or over the chunks in which the wanted files stand.
    if (only === undefined) await openAll(manifest, media, folder, options);
    else {
      await readVerifiedFiles(media, wanted, watch, async (index, content) => {
        await folder.write(recoveredMedia(manifest, index, content));
      });
    }
    for (const proof of proofFiles(manifest, new Date(label.sealedAt))) await folder.write(proof);
    // 7. Only now the final name.
    await folder.commit();
    const bytes = wanted.reduce((total, index) => total + existing(manifest.files[index], "a file").sizeBytes, 0);
    return {
      seal: label.seal,
      sender: label.sender,
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
  const places: RecoveredPlace[] = [];
  for (const { path, modified } of files) {
    places.push(await folder.place(path.within(mediaFolder), new Date(Date.parse(modified))));
  }
  await readVerifiedMedia(media, watch, { phase: "opening", spread: { cores }, places });
}

/** The indexes of the files to open. Throws NOTHING_MATCHES. */
function select({ files }: VerifiedManifest, only: FilePattern = () => true): readonly number[] {
  const wanted = [...files.entries()].filter(([, { path }]) => only(path.text)).map(([index]) => index);
  if (wanted.length > 0) return wanted;
  throw new EvsealError("NOTHING_MATCHES", "no file in the package matches --only", {
    hint: "run evseal list to see the paths; ** matches across folders, as in '**/*.mp4'",
  });
}

const mediaFolder = PortablePath.parse("media");

function recoveredMedia({ files }: VerifiedManifest, index: number, content: AsyncIterable<Uint8Array>): RecoveredFile {
  const file = existing(files[index], "a file of the manifest");
  return RecoveredFile.authenticated(file.path.within(mediaFolder), new Date(Date.parse(file.modified)), content);
}

/** The signed manifest and its signature, as `tar x` of the sealed manifest would leave them beside the media. */
function proofFiles({ proof }: VerifiedManifest, modified: Date): readonly RecoveredFile[] {
  const file = (name: string, bytes: Uint8Array): RecoveredFile =>
    RecoveredFile.authenticated(PortablePath.parse(name), modified, Readable.from([bytes]));
  return [file("manifest.json", proof.manifest), file("manifest.json.minisig", proof.signature)];
}
