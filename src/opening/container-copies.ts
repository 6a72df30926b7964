import { join } from "node:path";
import type { ByteSource } from "../age/open.js";
import { concat } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { containerSizeBytes, partsOf, type Label, type LabelledFile } from "../package/label.js";
import type { ContainerPiece } from "./container-pieces.js";
import type { PackageFiles } from "./package-files.js";
import { SealedSource } from "./sealed-source.js";

/** The container, or a part of it, and its copies. */
export interface CopiedPart extends LabelledFile {
  /** Of its first byte in the container. */
  readonly start: number;
  /** The path of each copy, by the copy's number from zero; undefined where that one has lost the file. */
  readonly copies: readonly (string | undefined)[];
}

/** A piece of the container, from the copy that has it whole; copies are counted from zero. */
export interface CopiedPiece extends ContainerPiece {
  readonly copy: number;
}

/**
 * Where the parts are. What is on a disc was copied together: the folders that have anything of it are its copies, in
 * their order, whatever each of them has lost. A container that is not cut has a copy in each folder.
 */
export function copiedParts(label: Label, folders: readonly PackageFiles[]): readonly CopiedPart[] {
  const labelled = partsOf(label);
  let start = 0;
  return labelled.map((part) => {
    const together = labelled.filter(({ disc }) => disc === part.disc);
    const holders =
      part.disc === undefined ? folders : folders.filter((files) => together.some(({ name }) => files.has(name)));
    const copies = holders.map((files) => (files.has(part.name) ? join(files.path, part.name) : undefined));
    const placed = { ...part, start, copies };
    start += part.size;
    return placed;
  });
}

/**
 * The copies of a container, to be surveyed. Beside those that there are it gives, for what stands on the border of two
 * parts, one that begins in one copy and ends in another. Not a byte of them is believed here.
 */
export class ContainerCopies {
  readonly sources: readonly CopySource[];
  readonly #files: ReadonlyMap<string, SealedSource>;

  private constructor(parts: readonly CopiedPart[], sizeBytes: number, files: ReadonlyMap<string, SealedSource>) {
    this.#files = files;
    const amount = parts.reduce((most, { copies }) => Math.max(most, copies.length), 0);
    const numbers = Array.from({ length: amount }, (_, copy) => copy);
    const mixed = numbers.flatMap((even) => numbers.filter((odd) => odd !== even).map((odd) => [even, odd] as const));
    this.sources = [
      ...numbers.map((copy) => new CopySource(parts, sizeBytes, files, [copy, copy])),
      ...(parts.length > 1 ? mixed : []).map((copies) => new CopySource(parts, sizeBytes, files, copies)),
    ];
  }

  /** Opens what can be opened. */
  static async open(label: Label, parts: readonly CopiedPart[]): Promise<ContainerCopies> {
    const files = new Map<string, SealedSource>();
    for (const path of parts.flatMap(({ copies }) => copies)) {
      const file = path === undefined ? undefined : await unlessUnreadable(SealedSource.open(path));
      if (path !== undefined && file !== undefined) files.set(path, file);
    }
    return new ContainerCopies(parts, containerSizeBytes(label), files);
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }
}

/** The container as one copy has it, or with every second part from another. */
class CopySource implements ByteSource {
  readonly sizeBytes: number;
  readonly #parts: readonly CopiedPart[];
  readonly #files: ReadonlyMap<string, SealedSource>;
  readonly #copies: readonly [even: number, odd: number];

  constructor(
    parts: readonly CopiedPart[],
    sizeBytes: number,
    files: ReadonlyMap<string, SealedSource>,
    copies: readonly [even: number, odd: number],
  ) {
    this.sizeBytes = sizeBytes;
    this.#parts = parts;
    this.#files = files;
    this.#copies = copies;
  }

  /** What stands before the first byte that is missing or cannot be read. */
  async read(offset: number, sizeBytes: number): Promise<Uint8Array> {
    const pieces = this.#places(offset, sizeBytes);
    const isMixed = this.#copies[0] !== this.#copies[1];
    if (isMixed && pieces.length === 1) return new Uint8Array(0); // a copy of its own has answered for it
    const found: Uint8Array[] = [];
    for (const { path, offset, sizeBytes } of pieces) {
      const bytes = path === undefined ? undefined : await this.#read(path, offset, sizeBytes);
      if (bytes !== undefined) found.push(bytes);
      if (bytes === undefined || bytes.length < sizeBytes) break;
    }
    return found.length === 1 && found[0] !== undefined ? found[0] : concat(...found);
  }

  /** Where this range of the container stands, which was found whole here. */
  pieces(offset: number, sizeBytes: number): readonly CopiedPiece[] {
    return this.#places(offset, sizeBytes).flatMap(({ path, ...place }) =>
      path === undefined ? [] : { path, ...place },
    );
  }

  async #read(path: string, offset: number, sizeBytes: number): Promise<Uint8Array | undefined> {
    const file = this.#files.get(path);
    return file && (await unlessUnreadable(file.read(offset, sizeBytes)));
  }

  #places(
    offset: number,
    sizeBytes: number,
  ): readonly (Omit<CopiedPiece, "path"> & { readonly path: string | undefined })[] {
    const end = Math.min(offset + sizeBytes, this.sizeBytes);
    return this.#parts.flatMap(({ start, size, copies }, index) => {
      const [from, to] = [Math.max(offset, start), Math.min(end, start + size)];
      const copy = this.#copies[index % 2 === 0 ? 0 : 1];
      return from < to ? [{ path: copies[copy], offset: from - start, sizeBytes: to - from, copy }] : [];
    });
  }
}

/** What cannot be read is lost in this copy, and perhaps whole in another. */
async function unlessUnreadable<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof EvsealError && cause.code === "PACKAGE_INCOMPLETE") return undefined;
    throw cause;
  }
}
