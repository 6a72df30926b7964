import { Sha256 } from "../crypto/digest.js";
import { fault } from "../errors.js";
import { entryOf } from "../package/media-archive.js";
import { tarTrailerSizeBytes } from "../package/padding.js";
import { encodeTarHeader, paddingToBlock, type TarEntry } from "../package/tar-header.js";
import type { BlockRing } from "../ring/block-ring.js";
import { unpacked, type PackedList } from "../ring/packed-list.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { KeySearch, privateKeyInSource } from "./key-search.js";
import { OpenSource, type SourcePlace } from "./open-source.js";

export interface MediaReadingData {
  readonly seal: string;
  readonly places: PackedList<SourcePlace>;
  readonly padding: TarEntry;
}

/**
 * Where the clear comes in: writes the media archive into the ring's clear blocks, each source under its header, and
 * finds the SHA-256 of each. Throws SOURCE_CHANGED, SOURCE_UNREADABLE, PRIVATE_KEY_IN_SOURCE.
 */
export const mediaReading: StageKind<MediaReadingData, readonly string[]> = {
  name: "media reading",
  start: (ring, data) => new MediaReading(ring, data),
};

class MediaReading implements Stage<readonly string[]> {
  readonly #ring: BlockRing;
  readonly #hashes: string[] = [];
  readonly #archive: Generator<void, void>;
  /** What is left of the block that is being filled. */
  #room: Uint8Array = new Uint8Array(0);

  constructor(ring: BlockRing, data: MediaReadingData) {
    this.#ring = ring;
    this.#archive = this.#frame(data);
  }

  work(n: number): void {
    this.#room = this.#ring.clearBytes(n);
    const { done } = this.#archive.next();
    if (done === true && !(this.#ring.isLast(n) && this.#room.length === 0)) throw fault("the archive is too short");
  }

  finish(): readonly string[] {
    if (this.#archive.next().done !== true) throw fault("the archive is longer than its layout");
    return this.#hashes;
  }

  close(): void {
    try {
      this.#archive.return(); // closes the source that is being read
    } catch {
      // what made us stop is what the caller must hear of
    }
  }

  /** The one writer of tar: FORMAT.md, "Archives". Stops wherever a block is full, until there is another. */
  *#frame({ seal, places, padding }: MediaReadingData): Generator<void, void> {
    for (const place of unpacked(places)) {
      yield* this.#bytes(encodeTarHeader(entryOf(seal, place)));
      yield* this.#content(place);
      yield* this.#zeros(paddingToBlock(place.sizeBytes));
    }
    yield* this.#bytes(encodeTarHeader(padding));
    yield* this.#zeros(padding.sizeBytes + tarTrailerSizeBytes);
  }

  *#content(place: SourcePlace): Generator<void, void> {
    const source = new OpenSource(place);
    try {
      const hash = new Sha256();
      const search = new KeySearch(place.sizeBytes);
      for (;;) {
        if (this.#room.length === 0) yield;
        const sizeBytes = source.read(this.#room);
        if (sizeBytes === 0) break;
        const block = this.#room.subarray(0, sizeBytes);
        hash.update(block);
        const kind = search.update(block);
        if (kind !== undefined) throw privateKeyInSource(kind, place.path);
        this.#room = this.#room.subarray(sizeBytes);
      }
      source.refuseChange();
      this.#hashes.push(hash.hex());
    } finally {
      source.close();
    }
  }

  *#bytes(bytes: Uint8Array): Generator<void, void> {
    for (let left = bytes; left.length > 0;) {
      if (this.#room.length === 0) yield;
      const part = left.subarray(0, this.#room.length);
      this.#room.set(part);
      this.#room = this.#room.subarray(part.length);
      left = left.subarray(part.length);
    }
  }

  *#zeros(sizeBytes: number): Generator<void, void> {
    for (let left = sizeBytes; left > 0;) {
      if (this.#room.length === 0) yield;
      const part = this.#room.subarray(0, left).fill(0);
      this.#room = this.#room.subarray(part.length);
      left -= part.length;
    }
  }
}
