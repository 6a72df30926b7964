import type { Recipient } from "../age/recipient.js";
import { SealedContainer } from "../age/sealed-container.js";
import { mediaReading } from "../media/media-reading.js";
import type { SourcePlace } from "../media/open-source.js";
import type { SourceFile } from "../media/source-file.js";
import type { PlannedPart } from "../output/package-folder.js";
import type { LabelledFile, SealedFile } from "../package/label.js";
import type { MediaLayout } from "../package/media-archive.js";
import { namesFor } from "../package/names.js";
import { PackedList } from "../ring/packed-list.js";
import { slotsFor, type Spread } from "../ring/pipeline.js";
import { useStage } from "../ring/stage.js";
import type { Watch } from "../watch.js";
import { readBackMedia } from "./read-back.js";
import type { Sealing } from "./seal-documents.js";

/** The media container, of which nothing is read or written yet; its maker wipes it. */
export function beginMedia(
  files: readonly SourceFile[],
  layout: MediaLayout,
  recipients: readonly Recipient[],
  spread: Spread,
): SealedContainer<readonly string[]> {
  const { seal, archiveSizeBytes, padding } = layout;
  const reading = useStage(mediaReading, () => ({ seal, places: PackedList.of(placesOf(files)), padding }));
  return SealedContainer.of(reading, archiveSizeBytes, recipients, slotsFor(archiveSizeBytes, spread));
}

function* placesOf(files: readonly SourceFile[]): Generator<SourcePlace, void> {
  for (const { place } of files) yield place;
}

export interface SealedMediaFiles {
  readonly container: SealedFile;
  /** What the container is cut into; itself where it is not. */
  readonly parts: readonly LabelledFile[];
  /** Of each file, in order. */
  readonly hashes: readonly string[];
}

/** Writes the media container and reads it back; only then are its numbers worth a place in the manifest. */
export async function sealMedia(
  { folder, draft }: Sealing,
  sealed: SealedContainer<readonly string[]>,
  planned: readonly PlannedPart[],
  spread: Spread,
  watch: Watch,
): Promise<SealedMediaFiles> {
  const { layout } = draft;
  const key = sealed.takeFileKey();
  try {
    const written = await folder.writeContainer(planned, sealed, spread, watch);
    const { sha256, sizeBytes, parts, found: hashes } = written;
    const pieces = parts.map((part) => ({ path: folder.partPath(part), offset: 0, sizeBytes: part.size }));
    const media = { pieces, layout, hashes, unlock: () => key };
    await readBackMedia(media, spread, watch);
    return { container: { sha256, name: namesFor(draft.seal).container, size: sizeBytes }, parts, hashes };
  } finally {
    key.wipe();
  }
}
