import { archivePaths } from "./archive-paths.js";
import { paddingEntry, tarTrailerSizeBytes } from "./padding.js";
import type { PortablePath } from "./portable-path.js";
import { paddingToBlock, tarHeaderSizeBytes, type TarEntry } from "./tar-header.js";

export interface MediaFile {
  readonly path: PortablePath;
  readonly sizeBytes: number;
  readonly modified: string;
}

/** Where everything stands in the media archive: it follows from the files alone, before a byte of them is read. */
export interface MediaLayout {
  readonly seal: string;
  /** In their order in the archive; `entriesOf` tells where each stands. */
  readonly files: readonly MediaFile[];
  readonly padding: TarEntry;
  readonly archiveSizeBytes: number;
}

/** A file's header, and the offset of its content in bytes from the start of the archive. */
export interface MediaEntry {
  readonly index: number;
  readonly file: MediaFile;
  readonly entry: TarEntry;
  readonly offset: number;
}

export function layOutMedia(seal: string, files: readonly MediaFile[]): MediaLayout {
  let end = 0;
  for (const { entry, offset } of entriesOf({ seal, files })) end = endOf(entry, offset);
  const padding = paddingEntry(archivePaths.padding(seal), end);
  const archiveSizeBytes = end + tarHeaderSizeBytes(padding) + padding.sizeBytes + tarTrailerSizeBytes;
  return { seal, files, padding, archiveSizeBytes };
}

/** In order. They are made anew each time: kept, they would take as much memory as the files. */
export function* entriesOf({ seal, files }: Pick<MediaLayout, "seal" | "files">): Generator<MediaEntry, void> {
  let end = 0;
  for (const [index, file] of files.entries()) {
    const entry = entryOf(seal, { ...file, path: file.path.text });
    const offset = end + tarHeaderSizeBytes(entry);
    end = endOf(entry, offset);
    yield { index, file, entry, offset };
  }
}

/** A `MediaFile` as plain data, which another thread can be handed. */
export interface PlainFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modified: string;
}

export function entryOf(seal: string, { path, sizeBytes, modified }: PlainFile): TarEntry {
  return { path: archivePaths.media(seal, path), sizeBytes, modifiedSeconds: secondsOf(modified) };
}

function endOf({ sizeBytes }: TarEntry, offset: number): number {
  return offset + sizeBytes + paddingToBlock(sizeBytes);
}

/** Whole seconds since 1970, rounded down, of a time as the manifest writes it. */
function secondsOf(modified: string): number {
  return Math.floor(Date.parse(`${modified.slice(0, 19)}Z`) / 1000);
}
