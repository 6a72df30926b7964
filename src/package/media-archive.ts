import { existing } from "../errors.js";
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
  /** In their order in the archive. */
  readonly files: readonly MediaFile[];
  /** Of each file's content, in bytes from the start of the archive. */
  readonly offsets: Float64Array;
  readonly padding: TarEntry;
  readonly archiveSizeBytes: number;
}

/** A file's header, and the offset of its content. */
export interface MediaEntry {
  readonly entry: TarEntry;
  readonly offset: number;
}

export function layOutMedia(seal: string, files: readonly MediaFile[]): MediaLayout {
  const offsets = new Float64Array(files.length);
  let end = 0;
  for (const [index, file] of files.entries()) {
    const offset = end + tarHeaderSizeBytes(entryOf(seal, plain(file)));
    offsets[index] = offset;
    end = offset + file.sizeBytes + paddingToBlock(file.sizeBytes);
  }
  const padding = paddingEntry(archivePaths.padding(seal), end);
  const archiveSizeBytes = end + tarHeaderSizeBytes(padding) + padding.sizeBytes + tarTrailerSizeBytes;
  return { seal, files, offsets, padding, archiveSizeBytes };
}

/** Made anew each time: kept, they would take as much memory as the files. Throws INTERNAL where there is no such file. */
export function entryAt({ seal, files, offsets }: MediaLayout, index: number): MediaEntry {
  const entry = entryOf(seal, plain(existing(files[index], "a file")));
  return { entry, offset: existing(offsets[index], "an offset") };
}

/** In order. */
export function* entriesOf(layout: MediaLayout): Generator<MediaEntry, void> {
  for (const index of layout.files.keys()) yield entryAt(layout, index);
}

/** A `MediaFile` as plain data, which another thread can be handed. */
export interface PlainFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modified: string;
}

function plain({ path, sizeBytes, modified }: MediaFile): PlainFile {
  return { path: path.text, sizeBytes, modified };
}

export function entryOf(seal: string, { path, sizeBytes, modified }: PlainFile): TarEntry {
  return { path: archivePaths.media(seal, path), sizeBytes, modifiedSeconds: secondsOf(modified) };
}

/** Whole seconds since 1970, rounded down, of a time as the manifest writes it. */
function secondsOf(modified: string): number {
  return Math.floor(Date.parse(`${modified.slice(0, 19)}Z`) / 1000);
}
