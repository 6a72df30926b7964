import { blockOpening } from "../age/block-stages.js";
import { openRandomAccess, type ByteSource, type Unlock } from "../age/open.js";
import { collect, equal } from "../bytes.js";
import { provenBy } from "../crypto/digest.js";
import { EvsealError, existing } from "../errors.js";
import { entryAt, type MediaLayout } from "../package/media-archive.js";
import { contentDiffers } from "../package/media-archive-reader.js";
import { encodeTarHeader } from "../package/tar-header.js";
import { PackedList } from "../ring/packed-list.js";
import { runPipeline, slotsFor, type Spread } from "../ring/pipeline.js";
import { useStage } from "../ring/stage.js";
import { partOf, watched, type Phase, type Watch } from "../watch.js";
import { PiecedContainer, type ContainerPiece } from "./container-pieces.js";
import { containerReading } from "./container-reading.js";
import { mediaChecking, type ExpectedFile } from "./media-checking.js";
import { altered } from "./refusals.js";

/** A media container on disk, and what it must turn out to be. */
export interface SealedMedia {
  readonly pieces: readonly ContainerPiece[];
  /**
   * The SHA-256 of the container itself. Whoever has just sealed it under a fresh key needs none: header, chunks and size
   * are proven by that key, and no other bytes pass for them.
   */
  readonly sha256?: string;
  readonly layout: MediaLayout;
  /** The SHA-256 of each file, in order. */
  readonly hashes: readonly string[];
  readonly unlock: Unlock;
  /** Throws ALTERED, with its cause, when a file that the container is in is not the one that was signed. */
  readonly requireUnaltered?: (watch: Watch, cause: unknown) => Promise<void>;
}

/** Gets each file's content, by its index, and must drain it. */
export type Receive = (index: number, content: AsyncIterable<Uint8Array>) => Promise<void>;

/** How the pass over a container is made. */
export interface Passing {
  readonly phase: Phase;
  readonly spread: Spread;
  /** Whether it must come past the page cache, where the file system has such a way: from the disk itself. */
  readonly fromDisk: boolean;
  /** The folder that the files are written into; their own folders are there. Without it nothing is written. */
  readonly into?: string;
}

/**
 * Step 6 of opening, in one pass over the container: its SHA-256, each chunk's tag before its bytes are used, every tar
 * header, every file's SHA-256, the padding zero and last, nothing after it. When this returns, all of it is proven.
 * Packing reads back with the same eyes.
 */
export async function readVerifiedMedia(media: SealedMedia, watch: Watch, passing: Passing): Promise<void> {
  const { phase, spread, fromDisk, into } = passing;
  const { pieces, layout } = media;
  await withSource(media, watch, async (source) => {
    const archive = await openRandomAccess(source, media.unlock);
    try {
      if (archive.payloadSizeBytes !== layout.archiveSizeBytes) throw contentDiffers();
      const hashed = media.sha256 !== undefined;
      const [sha256] = await runPipeline<[string | undefined, null, null]>(
        archive.ring(slotsFor(archive.payloadSizeBytes, spread), 3),
        [
          useStage(containerReading, () => ({ pieces, start: archive.start, hashed, fromDisk })),
          useStage(blockOpening, () => null, true),
          useStage(mediaChecking, () => ({
            seal: layout.seal,
            files: PackedList.of(filesOf(media)),
            padding: layout.padding,
            ...(into !== undefined && { into }),
          })),
        ],
        spread,
        watch,
        phase,
      );
      if (sha256 !== media.sha256) throw altered();
    } finally {
      archive.wipe();
    }
  });
}

function* filesOf({ layout, hashes }: SealedMedia): Generator<ExpectedFile, void> {
  for (const [index, { path, sizeBytes, modified }] of layout.files.entries()) {
    yield { path: path.text, sizeBytes, modified, sha256: existing(hashes[index], "a hash") };
  }
}

/**
 * Step 6 for the files at `indexes` only, in this order, by their offsets in the manifest: reads and authenticates the
 * chunks they stand in, their headers and their SHA-256. The container's own SHA-256 stays unproven; what comes out is
 * proven by the manifest.
 */
export async function readVerifiedFiles(
  media: SealedMedia,
  indexes: readonly number[],
  watch: Watch,
  receive: Receive,
): Promise<void> {
  await withSource(media, watch, async (source) => {
    const archive = await openRandomAccess(source, media.unlock);
    try {
      if (archive.payloadSizeBytes !== media.layout.archiveSizeBytes) throw contentDiffers();
      const wanted = indexes.map((index) => ({ index, ...entryAt(media.layout, index) }));
      const totalBytes = wanted.reduce((total, { entry }) => total + entry.sizeBytes, 0);
      let doneBytes = 0;
      for (const { index, entry, offset } of wanted) {
        const header = encodeTarHeader(entry);
        const found = await collect(archive.read(offset - header.length, header.length), header.length, contentDiffers);
        if (!equal(found, header)) throw contentDiffers();
        const part = partOf(watch, doneBytes, totalBytes);
        const content = watched(archive.read(offset, entry.sizeBytes), part, "opening", entry.sizeBytes);
        await receive(index, provenBy(media.hashes[index], content, contentDiffers));
        doneBytes += entry.sizeBytes;
      }
    } finally {
      archive.wipe();
    }
  });
}

/**
 * Opens the container for `read`. What is damaged can look like a key that is not ours, or like a forgery; so a refusal
 * is looked into, and where the container is not the one that was signed, that is what is said.
 */
async function withSource(
  media: SealedMedia,
  watch: Watch,
  read: (source: ByteSource) => Promise<void>,
): Promise<void> {
  const source = await PiecedContainer.open(media.pieces);
  try {
    await read(source);
  } catch (cause) {
    const isRefusal = cause instanceof EvsealError && (cause.exitCode === 5 || cause.exitCode === 6);
    if (isRefusal) await media.requireUnaltered?.(watch, cause);
    throw cause;
  } finally {
    await source.close();
  }
}
