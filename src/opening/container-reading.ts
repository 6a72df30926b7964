import { closeSync, fstatSync, openSync, read } from "node:fs";
import { promisify } from "node:util";
import { equal } from "../bytes.js";
import { Sha256 } from "../crypto/digest.js";
import { existing } from "../errors.js";
import { isRefusedDirect, openDirect } from "../output/direct-io.js";
import { QuickerWay, type Way } from "../output/quicker-way.js";
import { pageSizeBytes, type BlockRing } from "../ring/block-ring.js";
import type { Stage, StageKind } from "../ring/stage.js";
import { pieceAt, placePieces, type ContainerPiece, type PlacedPiece } from "./container-pieces.js";
import { readable, readableSync, sourceFlags } from "./sealed-source.js";
import { altered, incomplete } from "./refusals.js";

export interface ContainerReadingData {
  /** Where the container stands. */
  readonly pieces: readonly ContainerPiece[];
  /** What was read before: header and nonce. It must stand in the file. */
  readonly start: Uint8Array;
  /** Whether its SHA-256 is wanted. */
  readonly hashed: boolean;
  /** Whether it must come past the page cache, where the file system has such a way, or may come the quicker way. */
  readonly fromDisk: boolean;
}

/**
 * Reads a container into the ring's sealed blocks and gives its SHA-256, if that is wanted. Throws PACKAGE_INCOMPLETE,
 * ALTERED.
 */
export const containerReading: StageKind<ContainerReadingData, string | undefined> = {
  name: "container reading",
  start: (ring, data) => new ContainerReading(ring, data),
};

class ContainerReading implements Stage<string | undefined> {
  readonly atOnce = 5; // a disk that waits for the next read loses half its time
  readonly #ring: BlockRing;
  readonly #start: Uint8Array;
  readonly #hash: Sha256 | undefined;
  readonly #quicker: QuickerWay | undefined;
  readonly #pieces: readonly PlacedPiece[];
  readonly #files = new Map<string, OpenFile>();
  readonly #reads = new Set<Promise<void>>();
  /** Resolves when the block before was hashed. */
  #hashed: Promise<void> = Promise.resolve();

  constructor(ring: BlockRing, { pieces, start, hashed, fromDisk }: ContainerReadingData) {
    this.#ring = ring;
    this.#start = start;
    if (hashed) this.#hash = new Sha256().update(start);
    if (!fromDisk) this.#quicker = new QuickerWay();
    this.#pieces = placePieces(pieces);
    try {
      for (const { path } of pieces) if (!this.#files.has(path)) this.#files.set(path, openFile(path));
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  work(n: number): Promise<void> {
    this.#hashed = this.#hashInOrder(n, this.#hashed, this.#read(n));
    return this.#hashed;
  }

  finish(): string | undefined {
    return this.#hash?.hex();
  }

  close(): void {
    // Not under a call that uses them: the next file would have their numbers.
    void Promise.allSettled(this.#reads).then(() => {
      for (const file of this.#files.values()) closeFile(file);
    });
  }

  async #hashInOrder(n: number, hashed: Promise<void>, reading: Promise<void>): Promise<void> {
    await Promise.all([hashed, reading]);
    this.#hash?.update(this.#ring.sealedBytes(n));
  }

  #read(n: number): Promise<void> {
    const reading = readable(this.#fill(n));
    this.#reads.add(reading);
    return reading.finally(() => this.#reads.delete(reading));
  }

  /** Whole pages, as reading past the page cache needs them: those at both ends are read with each neighbour. */
  async #fill(n: number): Promise<void> {
    if (n === 0) await this.#requireStart();
    const window = this.#ring.sealedWindow(n);
    const startOffset = this.#ring.windowOffset(n);
    const endOffset = this.#ring.sealedOffset(n) + this.#ring.sealedBytes(n).length;
    for (let filled = 0; filled < endOffset - startOffset;) {
      const bytesRead = await this.#readInto(window.subarray(filled), startOffset + filled);
      if (bytesRead === 0) throw incomplete("has a file that became shorter while it was read");
      filled += bytesRead;
    }
  }

  /** Page by page, through the memory of the first block, before that is read. */
  async #requireStart(): Promise<void> {
    const page = this.#ring.sealedWindow(0).subarray(0, pageSizeBytes);
    for (let at = 0; at < this.#start.length;) {
      const bytesRead = await this.#readInto(page, at);
      const expected = this.#start.subarray(at, at + bytesRead);
      if (bytesRead === 0 || !equal(page.subarray(0, expected.length), expected)) throw altered();
      at += bytesRead;
    }
  }

  /** To the end of `room`, or of the piece in which byte `offset` of the container stands. */
  async #readInto(room: Uint8Array, offset: number): Promise<number> {
    const piece = existing(pieceAt(this.#pieces, offset), "a piece of the container");
    const { descriptor, direct } = existing(this.#files.get(piece.path), "an open file");
    const within = offset - piece.start;
    // What stands behind the last piece's end is nobody's, and reading whole pages may touch it.
    const wanted = piece === this.#pieces.at(-1) ? room : room.subarray(0, piece.sizeBytes - within);
    const from = async (file: number, way: Way): Promise<number> => {
      const call = async (): Promise<number> => {
        return (await promisify(read)(file, wanted, 0, wanted.length, piece.offset + within)).bytesRead;
      };
      return await (this.#quicker?.timed(way, call) ?? call());
    };
    if (direct === undefined || this.#quicker?.way === "copied") return await from(descriptor, "copied");
    return await from(direct, "direct").catch((cause: unknown) => {
      if (!isRefusedDirect(cause)) throw cause;
      return from(descriptor, "copied");
    });
  }
}

interface OpenFile {
  readonly descriptor: number;
  /** The same file past the page cache, from the disk itself, where the file system has it. */
  readonly direct: number | undefined;
}

function openFile(path: string): OpenFile {
  const descriptor = readableSync(() => openSync(path, sourceFlags));
  try {
    if (!readableSync(() => fstatSync(descriptor)).isFile()) throw incomplete("holds something that is not a file");
    return { descriptor, direct: readableSync(() => openDirect(path, sourceFlags)) };
  } catch (cause) {
    closeFile({ descriptor, direct: undefined });
    throw cause;
  }
}

function closeFile({ descriptor, direct }: OpenFile): void {
  for (const each of [descriptor, direct]) {
    try {
      if (each !== undefined) closeSync(each);
    } catch {
      // it was only read
    }
  }
}
