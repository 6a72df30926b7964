import { archivePaths } from "./names.js";
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
  /** For each file its header's entry and the offset of its content, in bytes from the start of the archive. */
  readonly entries: readonly { readonly entry: TarEntry; readonly offset: number }[];
  readonly padding: TarEntry;
  readonly archiveSizeBytes: number;
}

export function layOutMedia(seal: string, files: readonly MediaFile[]): MediaLayout {
  let end = 0;
  const entries = files.map((file) => {
    const entry = {
      path: archivePaths.media(seal, file.path.text),
      sizeBytes: file.sizeBytes,
      modifiedSeconds: secondsOf(file.modified),
    };
    const offset = end + tarHeaderSizeBytes(entry);
    end = offset + entry.sizeBytes + paddingToBlock(entry.sizeBytes);
    return { entry, offset };
  });
  const padding = paddingEntry(archivePaths.padding(seal), end);
  const archiveSizeBytes = end + tarHeaderSizeBytes(padding) + padding.sizeBytes + tarTrailerSizeBytes;
  return { entries, padding, archiveSizeBytes };
}

/** Whole seconds since 1970, rounded down, of a time as the manifest writes it. */
function secondsOf(modified: string): number {
  return Math.floor(Date.parse(`${modified.slice(0, 19)}Z`) / 1000);
}
