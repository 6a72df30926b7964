import type { CopiedRange, CopiesSurvey } from "../age/copies-survey.js";
import type { ByteSource } from "../age/open.js";
import { Sha256 } from "../crypto/digest.js";
import { EvsealError } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { discCountOf } from "../package/label.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { copiedParts, type ContainerCopies, type CopiedPart, type CopiedPiece } from "./container-copies.js";
import { PiecedContainer, type ContainerPiece } from "./container-pieces.js";
import type { PackageFiles } from "./package-files.js";
import { proveLabel, type ProvenLabel } from "./proven-package.js";
import { withSurvey } from "./surveyed-container.js";
import { DiscsMissing } from "./verified-discs.js";
import type { SealedMedia } from "./verified-media.js";

/** Several folders with the same package, or with the same of its discs. */
export interface PackageCopies extends ProvenLabel {
  readonly folders: readonly PackageFiles[];
  readonly parts: readonly CopiedPart[];
}

/** A run of the container that its first copy did not have whole. */
export interface MendedRegion {
  /** The copy that had it, counted from 1 in the order of the folders. */
  readonly from: number;
  /** In the container, in bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface MendedContainer {
  readonly pieces: readonly ContainerPiece[];
  readonly mended: readonly MendedRegion[];
}

/** Undefined unless something of the package is in more than one of `folders`. Throws as `proveLabel` does. */
export async function findCopies(
  folders: readonly PackageFiles[],
  trusted: TrustedSigners,
): Promise<PackageCopies | undefined> {
  if (new Set(folders.map(({ path }) => path)).size < folders.length || folders.length === 1) return undefined;
  const proven = await proveLabel(folders, trusted);
  const parts = copiedParts(proven.label, folders);
  return parts.some(({ copies }) => copies.length > 1) ? { ...proven, folders, parts } : undefined;
}

/**
 * Puts one container together from what its copies have whole. It is as little believed as any other: the pass over it
 * proves all of it. Throws DISC_MISSING, COPIES_DAMAGED; a copy that
 * is not damaged, and is refused all the same, is left to that pass.
 */
export async function mendContainer(
  copies: PackageCopies,
  media: Omit<SealedMedia, "pieces">,
  watch: Watch,
): Promise<MendedContainer> {
  const gone = copies.parts.filter((part) => part.copies.length === 0).map(({ disc = 1 }) => disc);
  if (gone.length > 0) throw new DiscsMissing([...new Set(gone)], discCountOf(copies.label));
  return await withSurvey(copies, media, watch, async (survey, opened) => {
    if ("refused" in survey) {
      for (const source of opened.sources) {
        if (await isAsSigned(source, media.sha256, watch))
          return { pieces: source.pieces(0, source.sizeBytes), mended: [] };
      }
      throw copiesDamaged("the beginning of the container is", survey.refused);
    }
    const lostBytes = survey.lostBytes(0, media.layout.archiveSizeBytes);
    if (lostBytes > 0) throw copiesDamaged(`${lostBytes} bytes of the container are`);
    return joined(survey.ranges(), opened);
  });
}

/** Whether what was found whole is together the container that was signed. */
export async function isContainerAsSigned(
  survey: CopiesSurvey,
  copies: ContainerCopies,
  { sha256 }: Omit<SealedMedia, "pieces">,
  watch: Watch,
): Promise<boolean> {
  const container = await PiecedContainer.open(joined(survey.ranges(), copies).pieces);
  try {
    return await isAsSigned(container, sha256, watch);
  } catch (cause) {
    if (cause instanceof EvsealError && cause.code === "PACKAGE_INCOMPLETE") return false; // the disc gives out by now
    throw cause;
  } finally {
    await container.close();
  }
}

function joined(ranges: readonly CopiedRange[], { sources }: ContainerCopies): MendedContainer {
  const pieces: CopiedPiece[] = [];
  const mended: MendedRegion[] = [];
  let end = 0;
  for (const { offset, sizeBytes, copy = 0 } of ranges) {
    for (const piece of sources[copy]?.pieces(offset, sizeBytes) ?? []) {
      const last = pieces.at(-1);
      if (last?.path === piece.path && last.offset + last.sizeBytes === piece.offset) {
        pieces[pieces.length - 1] = { ...last, sizeBytes: last.sizeBytes + piece.sizeBytes };
      } else pieces.push(piece);
      if (piece.copy > 0) addRegion(mended, { from: piece.copy + 1, offset: end, sizeBytes: piece.sizeBytes });
      end += piece.sizeBytes;
    }
  }
  return { pieces: pieces.map(({ path, offset, sizeBytes }) => ({ path, offset, sizeBytes })), mended };
}

function addRegion(mended: MendedRegion[], region: MendedRegion): void {
  const last = mended.at(-1);
  if (last?.from === region.from && last.offset + last.sizeBytes === region.offset) {
    mended[mended.length - 1] = { ...last, sizeBytes: last.sizeBytes + region.sizeBytes };
  } else mended.push(region);
}

/** Whether a copy is the container that was signed, whatever is wrong with that. */
async function isAsSigned(source: ByteSource, sha256: string | undefined, watch: Watch): Promise<boolean> {
  const hash = new Sha256();
  for (let offset = 0; offset < source.sizeBytes;) {
    throwIfInterrupted(watch);
    const bytes = await source.read(offset, 1024 * 1024);
    if (bytes.length === 0) return false;
    hash.update(bytes);
    offset += bytes.length;
  }
  return hash.hex() === sha256;
}

function copiesDamaged(what: string, cause?: unknown): EvsealError {
  return new EvsealError("COPIES_DAMAGED", `${what} whole in no copy`, {
    hint: "name another copy too, or ask the sender for one; evseal salvage recovers the files that are still whole",
    cause,
  });
}
