import { allEnded } from "../all-ended.js";
import { Sha256 } from "../crypto/digest.js";
import { RecoveredWriter } from "../output/recovered-writer.js";
import { entryOf, type PlainFile } from "../package/media-archive.js";
import { contentDiffers, MediaArchiveReader, type MediaReceiver } from "../package/media-archive-reader.js";
import type { TarEntry } from "../package/tar-header.js";
import type { BlockRing } from "../ring/block-ring.js";
import { unpacked, type PackedList } from "../ring/packed-list.js";
import type { Stage, StageKind } from "../ring/stage.js";

/** A block can hold two thousand small files, which must not all be open at once: between pieces there is a wait. */
const pieceSizeBytes = 64 * 1024;

export interface MediaCheckingData {
  readonly seal: string;
  readonly files: PackedList<ExpectedFile>;
  readonly padding: TarEntry;
  /** The folder that they are written into, when they are. */
  readonly into?: string;
}

export interface ExpectedFile extends PlainFile {
  readonly sha256: string;
}

interface FramedFile extends ExpectedFile {
  readonly entry: TarEntry;
}

/**
 * Holds the ring's opened blocks against what the media archive must be, and every file against its SHA-256; writes the
 * files on the way, where nobody sees them yet. Throws CONTENT_DIFFERS and OUTPUT_….
 */
export const mediaChecking: StageKind<MediaCheckingData, null> = {
  name: "media checking",
  start: (ring, data) => new MediaChecking(ring, data),
};

class MediaChecking implements Stage<null>, MediaReceiver<FramedFile> {
  readonly atOnce = 3; // a block may be on its way to the disk while the next is checked
  readonly #ring: BlockRing;
  readonly #reader: MediaArchiveReader<FramedFile>;
  readonly #writer: RecoveredWriter | undefined;
  #hash = new Sha256();
  /** Resolves when the block before was checked. */
  #checked: Promise<void> = Promise.resolve();

  constructor(ring: BlockRing, { seal, files, padding, into }: MediaCheckingData) {
    this.#ring = ring;
    this.#writer = into === undefined ? undefined : RecoveredWriter.authenticated(into);
    this.#reader = new MediaArchiveReader(framed(seal, files), padding, this);
  }

  async work(n: number): Promise<void> {
    this.#checked = this.#checkInOrder(n, this.#checked);
    const written = (): Promise<void> | undefined => this.#writer?.written();
    await allEnded([this.#checked, this.#checked.then(written, written)]); // the block is not given up before
  }

  async #checkInOrder(n: number, checked: Promise<void>): Promise<void> {
    await checked;
    const clear = this.#ring.clearBytes(n);
    for (let at = 0; at < clear.length;) {
      const piece = clear.subarray(at, at + Math.max(pieceSizeBytes, this.#reader.contentLeftSizeBytes));
      this.#reader.take(piece);
      at += piece.length;
      await this.#writer?.settle();
    }
  }

  async finish(): Promise<null> {
    this.#reader.end();
    await this.#writer?.end();
    return null;
  }

  close(): void {
    this.#writer?.close();
  }

  begin({ path, sizeBytes, modified }: FramedFile): void {
    this.#hash = new Sha256();
    this.#writer?.begin({ path, sizeBytes, modifiedMs: Date.parse(modified) });
  }

  piece(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#writer?.write(bytes);
  }

  end({ sha256 }: FramedFile): void {
    if (this.#hash.hex() !== sha256) throw contentDiffers();
    this.#writer?.finishFile();
  }
}

function* framed(seal: string, files: PackedList<ExpectedFile>): Generator<FramedFile, void> {
  for (const file of unpacked(files)) yield { ...file, entry: entryOf(seal, file) };
}
