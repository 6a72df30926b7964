import { Sha256 } from "../crypto/digest.js";
import { RecoveredWriter, type RecoveredPlace } from "../output/recovered-writer.js";
import type { MediaLayout } from "../package/media-archive.js";
import { contentDiffers, MediaArchiveReader, type MediaReceiver } from "../package/media-archive-reader.js";
import { existing } from "../errors.js";
import type { BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";

/** A block can hold two thousand small files, which must not all be open at once: between pieces there is a wait. */
const pieceSizeBytes = 64 * 1024;

export interface MediaCheckingData {
  readonly layout: MediaLayout;
  /** The SHA-256 of each file, in order. */
  readonly hashes: readonly string[];
  /** Where each file goes, when they are to be written. */
  readonly places?: readonly RecoveredPlace[];
}

/**
 * Holds the ring's opened blocks against what the media archive must be, and every file against its SHA-256; writes the
 * files on the way, where nobody sees them yet. Throws CONTENT_DIFFERS and OUTPUT_….
 */
export const mediaChecking: StageKind<MediaCheckingData, null> = {
  name: "media checking",
  start: (ring, data) => new MediaChecking(ring, data),
};

class MediaChecking implements Stage<null>, MediaReceiver {
  readonly atOnce = 3; // a block may be on its way to the disk while the next is checked
  readonly #ring: BlockRing;
  readonly #data: MediaCheckingData;
  readonly #reader: MediaArchiveReader;
  readonly #writer = RecoveredWriter.authenticated();
  #hash = new Sha256();
  #index = 0;
  /** Resolves when the block before was checked. */
  #checked: Promise<void> = Promise.resolve();

  constructor(ring: BlockRing, data: MediaCheckingData) {
    this.#ring = ring;
    this.#data = data;
    this.#reader = new MediaArchiveReader(data.layout, this);
  }

  async work(n: number): Promise<void> {
    this.#checked = this.#checkInOrder(n, this.#checked);
    await this.#checked;
    await this.#writer.written();
  }

  async #checkInOrder(n: number, checked: Promise<void>): Promise<void> {
    await checked;
    const clear = this.#ring.clearBytes(n);
    for (let at = 0; at < clear.length;) {
      const piece = clear.subarray(at, at + Math.max(pieceSizeBytes, this.#reader.contentLeftSizeBytes));
      this.#reader.take(piece);
      at += piece.length;
      await this.#writer.settle();
    }
  }

  async finish(): Promise<null> {
    this.#reader.end();
    await this.#writer.end();
    return null;
  }

  close(): void {
    this.#writer.close();
  }

  begin(index: number): void {
    this.#index = index;
    this.#hash = new Sha256();
    const { places, layout } = this.#data;
    if (places === undefined) return;
    const { sizeBytes } = existing(layout.entries[index], "an entry").entry;
    this.#writer.begin(existing(places[index], "a file's place"), sizeBytes);
  }

  piece(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    if (this.#data.places) this.#writer.write(bytes);
  }

  end(): void {
    if (this.#hash.hex() !== this.#data.hashes[this.#index]) throw contentDiffers();
    if (this.#data.places) this.#writer.finishFile();
  }
}
