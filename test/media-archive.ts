import { concat } from "../src/bytes.js";
import { entriesOf, type MediaLayout } from "../src/package/media-archive.js";
import { tarTrailerSizeBytes } from "../src/package/padding.js";
import { encodeTarHeader, paddingToBlock } from "../src/package/tar-header.js";

/** The media archive as FORMAT.md describes it, put together in memory. */
export function makeArchive(layout: MediaLayout, contents: readonly Uint8Array[]): Uint8Array {
  const { padding } = layout;
  const files = [...entriesOf(layout)].flatMap(({ entry }, index) => [
    encodeTarHeader(entry),
    contents[index] ?? new Uint8Array(0),
    new Uint8Array(paddingToBlock(entry.sizeBytes)),
  ]);
  return concat(...files, encodeTarHeader(padding), new Uint8Array(padding.sizeBytes + tarTrailerSizeBytes));
}
