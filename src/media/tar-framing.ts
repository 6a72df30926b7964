import type { Stats } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { TarArchive, type EntryData } from "archiver";
import type { MediaLayout } from "../package/media-archive.js";
import { paxRecords, ustarSeconds, type TarEntry } from "../package/tar-header.js";

/**
 * The media archive: each content under its header, then the padding. The only door to archiver, whose headers come
 * out as `encodeTarHeader` has them, or else reading back refuses the package. `contentOf` must give exactly the size
 * of its entry: archiver crashes on anything else. Throws what a content throws.
 */
export async function* frameTar(
  layout: MediaLayout,
  contentOf: (index: number) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const archive = new TarArchive({});
  // Destroying archiver in the middle of an entry crashes the process from inside it; so it is left alone, and what is
  // destroyed is a pipe of our own behind it.
  const framed = archive.pipe(new PassThrough());
  archive.on("error", (cause: Error) => framed.destroy(cause));
  const abandoned = new AbortController();
  const append = async (entry: TarEntry, content: AsyncIterable<Uint8Array>): Promise<void> => {
    const source = Readable.from(content, { objectMode: false, signal: abandoned.signal });
    await new Promise((resolve, reject) => {
      source.on("error", reject);
      archive.once("entry", resolve);
      archive.append(source, entryData(entry));
    });
  };
  const appendAll = async (): Promise<void> => {
    // One at a time: archiver starts to read every source it is given.
    for (const [index, { entry }] of layout.entries.entries()) await append(entry, contentOf(index));
    await append(layout.padding, zeros(layout.padding.sizeBytes));
    await archive.finalize();
  };
  appendAll().catch((cause: unknown) => framed.destroy(cause as Error));
  try {
    yield* framed as AsyncIterable<Uint8Array>;
  } finally {
    abandoned.abort();
  }
}

/** archiver hands `pax` on to tar-stream, and buffers whole streams unless it is told their size through `stats`. */
function entryData(entry: TarEntry): EntryData {
  const stats = { size: entry.sizeBytes } as unknown as Stats;
  const data = { name: entry.path, stats, mode: 0o644, date: new Date(ustarSeconds(entry) * 1000) };
  return { ...data, pax: paxRecords(entry) } as EntryData;
}

const zeroBlock = new Uint8Array(64 * 1024);

async function* zeros(sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let left = sizeBytes; left > 0; left -= zeroBlock.length)
    yield await Promise.resolve(zeroBlock.subarray(0, left));
}
