import type { ByteSource } from "../age/open.js";
import { concat } from "../bytes.js";
import { SealedSource } from "./sealed-source.js";

/** A run of a container's bytes, and where it stands: a part on a disc, or what one copy of it has whole. */
export interface ContainerPiece {
  readonly path: string;
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface PlacedPiece extends ContainerPiece {
  /** Of its first byte in the container. */
  readonly start: number;
}

export function placePieces(pieces: readonly ContainerPiece[]): readonly PlacedPiece[] {
  let start = 0;
  return pieces.map((piece) => {
    const placed = { ...piece, start };
    start += piece.sizeBytes;
    return placed;
  });
}

/** The piece in which byte `offset` of the container stands; the last one for what is beyond. */
export function pieceAt(pieces: readonly PlacedPiece[], offset: number): PlacedPiece | undefined {
  let [first, end] = [0, pieces.length - 1]; // copies that complement each other can have hundreds of thousands
  while (first < end) {
    const middle = Math.floor((first + end) / 2);
    const piece = pieces[middle];
    if (piece !== undefined && offset < piece.start + piece.sizeBytes) end = middle;
    else first = middle + 1;
  }
  return pieces[first];
}

/** A container, put together from its pieces; not a byte of it is believed here. */
export class PiecedContainer implements ByteSource {
  readonly sizeBytes: number;
  readonly #pieces: readonly PlacedPiece[];
  readonly #files: ReadonlyMap<string, SealedSource>;

  private constructor(pieces: readonly PlacedPiece[], files: ReadonlyMap<string, SealedSource>) {
    this.#pieces = pieces;
    this.#files = files;
    this.sizeBytes = pieces.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  }

  /** Opens every file that a piece is in. Throws PACKAGE_INCOMPLETE. */
  static async open(pieces: readonly ContainerPiece[]): Promise<PiecedContainer> {
    const files = new Map<string, SealedSource>();
    const container = new PiecedContainer(placePieces(pieces), files);
    try {
      for (const path of new Set(pieces.map((piece) => piece.path))) files.set(path, await SealedSource.open(path));
      return container;
    } catch (cause) {
      await container.close();
      throw cause;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }

  /** `sizeBytes` bytes from `offset`, fewer only at the end of a file that is too short. Throws PACKAGE_INCOMPLETE. */
  async read(offset: number, sizeBytes: number): Promise<Uint8Array> {
    const found: Uint8Array[] = [];
    const end = Math.min(offset + sizeBytes, this.sizeBytes);
    for (let at = offset; at < end;) {
      const piece = pieceAt(this.#pieces, at);
      const file = piece && this.#files.get(piece.path);
      if (piece === undefined || file === undefined) break;
      const wanted = Math.min(end, piece.start + piece.sizeBytes) - at;
      const bytes = await file.read(piece.offset + at - piece.start, wanted);
      found.push(bytes);
      at += bytes.length;
      if (bytes.length < wanted) break;
    }
    return found.length === 1 && found[0] !== undefined ? found[0] : concat(...found);
  }
}
