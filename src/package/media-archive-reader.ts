import { equal } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { tarTrailerSizeBytes } from "./padding.js";
import { encodeTarHeader, paddingToBlock, type TarEntry } from "./tar-header.js";

/** A file's header, with whatever else its receiver knows of it. */
interface Framed {
  readonly entry: TarEntry;
}

/** Gets each file's content in order, in pieces that last until the call returns, and hears of each one's end. */
export interface MediaReceiver<File extends Framed> {
  begin(file: File): void;
  piece(bytes: Uint8Array): void;
  end(file: File): void;
}

/**
 * Takes an archive apart that must hold exactly `files` and `padding`: every header the very bytes that evseal writes,
 * content of the announced length, zeros between, the padding entry last and all zeros, nothing after it. Every call
 * throws CONTENT_DIFFERS and what the receiver throws.
 */
export class MediaArchiveReader<File extends Framed> {
  readonly #steps: Generator<void, void>;
  readonly #receiver: MediaReceiver<File>;
  #rest: Uint8Array = new Uint8Array(0);
  #contentLeftSizeBytes = 0;

  constructor(files: Iterable<File>, padding: TarEntry, receiver: MediaReceiver<File>) {
    this.#receiver = receiver;
    this.#steps = this.#read(files, padding);
  }

  /** How much is to come of the file that has begun. */
  get contentLeftSizeBytes(): number {
    return this.#contentLeftSizeBytes;
  }

  /** The next bytes of the archive, however many. */
  take(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#rest = bytes;
    if (this.#steps.next().done === true) throw contentDiffers();
  }

  /** That nothing is missing. */
  end(): void {
    this.#rest = new Uint8Array(0);
    if (this.#steps.next().done !== true) throw contentDiffers();
  }

  *#read(files: Iterable<File>, padding: TarEntry): Generator<void, void> {
    for (const file of files) {
      const { entry } = file;
      yield* this.#expect(encodeTarHeader(entry));
      this.#receiver.begin(file);
      this.#contentLeftSizeBytes = entry.sizeBytes;
      yield* this.#pieces(entry.sizeBytes, (piece) => {
        this.#contentLeftSizeBytes -= piece.length;
        this.#receiver.piece(piece);
      });
      this.#receiver.end(file);
      yield* this.#expectZeros(paddingToBlock(entry.sizeBytes));
    }
    yield* this.#expect(encodeTarHeader(padding));
    yield* this.#expectZeros(padding.sizeBytes + tarTrailerSizeBytes);
    if (this.#rest.length > 0) throw contentDiffers();
    yield; // complete: only `end` may follow
  }

  /** Stops wherever the bytes given end, until there are more; those that `end` is called at are missing. */
  *#pieces(sizeBytes: number, use: (piece: Uint8Array) => void): Generator<void, void> {
    for (let left = sizeBytes; left > 0;) {
      if (this.#rest.length === 0) yield;
      if (this.#rest.length === 0) throw contentDiffers();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      use(piece);
    }
  }

  *#expect(bytes: Uint8Array): Generator<void, void> {
    let offset = 0;
    yield* this.#pieces(bytes.length, (piece) => {
      if (!equal(piece, bytes.subarray(offset, offset + piece.length))) throw contentDiffers();
      offset += piece.length;
    });
  }

  *#expectZeros(sizeBytes: number): Generator<void, void> {
    yield* this.#pieces(sizeBytes, (piece) => {
      if (!isZeros(piece)) throw contentDiffers();
    });
  }
}

export function contentDiffers(): EvsealError {
  return new EvsealError("CONTENT_DIFFERS", "the sealed media are not what the signed manifest says", {
    hint: "do not use this package: ask the sender for a new one and report that this one differs",
  });
}

const zeros = Buffer.alloc(64 * 1024);

function isZeros(bytes: Uint8Array): boolean {
  for (let offset = 0; offset < bytes.length; offset += zeros.length) {
    const piece = bytes.subarray(offset, offset + zeros.length);
    if (zeros.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
  }
  return true;
}
