import { surveyCopies, type CopiesSurvey } from "../age/copies-survey.js";
import { collect, equal } from "../bytes.js";
import { EvsealError, existing } from "../errors.js";
import { containerSizeBytes, type Label } from "../package/label.js";
import { entriesOf, type MediaLayout } from "../package/media-archive.js";
import { contentDiffers } from "../package/media-archive-reader.js";
import { encodeTarHeader } from "../package/tar-header.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { ContainerCopies, type CopiedPart } from "./container-copies.js";
import type { SealedMedia } from "./verified-media.js";

/** What the copies have whole; or what the first header was refused for, where none is whole. */
export type Survey = CopiesSurvey | { readonly refused: EvsealError };

/** Surveys the copies of a container for `use`; keys and files last until that returns. Throws what it throws. */
export async function withSurvey<T>(
  { label, parts }: { readonly label: Label; readonly parts: readonly CopiedPart[] },
  { layout, unlock }: Omit<SealedMedia, "pieces">,
  watch: Watch,
  use: (survey: Survey, copies: ContainerCopies) => Promise<T>,
): Promise<T> {
  const sizeBytes = containerSizeBytes(label);
  const copies = await ContainerCopies.open(label, parts);
  try {
    const step = (doneBytes: number): void => {
      throwIfInterrupted(watch);
      watch.progress("verifying", doneBytes, sizeBytes);
    };
    const shape = { sizeBytes, payloadSizeBytes: layout.archiveSizeBytes };
    const surveys = await surveyCopies(copies.sources, shape, unlock, step).catch(refusalOf);
    if ("refused" in surveys) return await use(surveys, copies);
    try {
      return await use(await ours(surveys, layout), copies);
    } finally {
      for (const survey of surveys) survey.wipe();
    }
  } finally {
    await copies.close();
  }
}

function refusalOf(cause: unknown): { readonly refused: EvsealError } {
  if (cause instanceof EvsealError && (cause.exitCode === 5 || cause.exitCode === 6)) return { refused: cause };
  throw cause;
}

/** The best of them; but another package's container can be among the copies, as whole as ours. */
async function ours(surveys: readonly CopiesSurvey[], layout: MediaLayout): Promise<CopiesSurvey> {
  for (const survey of surveys.length > 1 ? surveys : []) if (await hasHeadersOf(layout, survey)) return survey;
  return existing(surveys[0], "a survey");
}

/** Whether the first header of the archive that is whole is the one that must stand there: it names the package. */
async function hasHeadersOf(layout: MediaLayout, survey: CopiesSurvey): Promise<boolean> {
  for (const { entry, offset } of entriesOf(layout)) {
    const header = encodeTarHeader(entry);
    if (survey.lostBytes(offset - header.length, header.length) > 0) continue;
    const found = survey.read(offset - header.length, header.length);
    return equal(await collect(found, header.length, contentDiffers), header);
  }
  return false;
}
