import { equal } from "../bytes.js";
import { EvsealError } from "../errors.js";
import type { MediaLayout } from "./media-archive.js";
import { tarTrailerSizeBytes } from "./padding.js";
import { encodeTarHeader, paddingToBlock } from "./tar-header.js";

/**
 * Takes an archive apart that must be exactly `layout`: every header the very bytes that evseal writes, content of the
 * announced length, zeros between, the padding entry last and all zeros, nothing after it. `receive` gets the files in
 * order, by index, and must drain each content. Throws CONTENT_DIFFERS.
 */
export async function readMediaArchive(
  archive: AsyncIterable<Uint8Array>,
  layout: MediaLayout,
  receive: (index: number, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const cursor = new Cursor(archive);
  try {
    for (const [index, { entry }] of layout.entries.entries()) {
      await cursor.expect(encodeTarHeader(entry));
      await receive(index, cursor.take(entry.sizeBytes));
      await cursor.expectZeros(paddingToBlock(entry.sizeBytes));
    }
    await cursor.expect(encodeTarHeader(layout.padding));
    await cursor.expectZeros(layout.padding.sizeBytes + tarTrailerSizeBytes);
    await cursor.expectEnd();
  } finally {
    await cursor.close();
  }
}

export function contentDiffers(): EvsealError {
  return new EvsealError("CONTENT_DIFFERS", "the sealed media are not what the signed manifest says", {
    hint: "do not use this package: ask the sender for a new one and report that this one differs",
  });
}

/** Walks over chunks of any size by counts of bytes. */
class Cursor {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Makes sure there are unread bytes; false at the end. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#rest = next.value;
    }
    return true;
  }

  /** The next `sizeBytes` bytes, as they come. Throws CONTENT_DIFFERS when the archive ends before. */
  async *take(sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = sizeBytes; left > 0;) {
      if (!(await this.#fill())) throw contentDiffers();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async expect(bytes: Uint8Array): Promise<void> {
    let offset = 0;
    for await (const piece of this.take(bytes.length)) {
      if (!equal(piece, bytes.subarray(offset, offset + piece.length))) throw contentDiffers();
      offset += piece.length;
    }
  }

  async expectZeros(sizeBytes: number): Promise<void> {
    for await (const piece of this.take(sizeBytes)) if (!isZeros(piece)) throw contentDiffers();
  }

  async expectEnd(): Promise<void> {
    if (await this.#fill()) throw contentDiffers();
  }
}

const zeros = Buffer.alloc(64 * 1024);

function isZeros(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.length; offset += zeros.length) {
    const piece = bytes.subarray(offset, offset + zeros.length);
    if (zeros.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
  }
  return true;
}
