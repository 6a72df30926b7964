import { EvsealError } from "../errors.js";
import { onEachDisc, partsOf, type Label, type LabelledFile } from "../package/label.js";
import { namesFor, sealOfLabelName, type PackageNames } from "../package/names.js";
import { folderAt, type PackageFolder } from "./package-folder.js";
import { incomplete, isForbidden, notAllowed } from "./refusals.js";
import type { SealedSource } from "./sealed-source.js";

/**
 * A folder that says it is a package, or one of the discs that a package is on: it holds one label, whose name gives the
 * seal number.
 */
export class PackageFiles {
  readonly path: string;
  readonly seal: string;
  readonly names: PackageNames;
  readonly #folder: PackageFolder;
  readonly #entries: readonly string[];

  private constructor(folder: PackageFolder, seal: string, entries: readonly string[]) {
    this.path = folder.path;
    this.#folder = folder;
    this.seal = seal;
    this.names = namesFor(seal);
    this.#entries = entries;
  }

  /**
   * Throws PACKAGE_NOT_FOUND when there is no such folder. `sealOf` tells a package by one of its files' names: by its
   * label's, or where that may be lost by any.
   */
  static async at(place: string | PackageFolder, sealOf = sealOfLabelName): Promise<PackageFiles> {
    const folder = typeof place === "string" ? folderAt(place) : place;
    const entries = await folder.names().catch((cause: unknown) => {
      throw isForbidden(cause) ? notAllowed(cause) : notFound("there is no package folder at this path", cause);
    });
    const labelled = entries.map(sealOfLabelName).filter((seal) => seal !== undefined);
    const seals =
      labelled.length > 0 ? labelled : [...new Set(entries.map(sealOf))].filter((seal) => seal !== undefined);
    const [seal] = seals;
    if (seal === undefined) throw notFound("this folder holds no package label");
    if (seals.length > 1) throw foreignFile();
    return new PackageFiles(folder, seal, entries);
  }

  has(name: string): boolean {
    return this.#entries.includes(name);
  }

  async open(name: string): Promise<SealedSource> {
    return await this.#folder.open(name);
  }

  /** All of a small file; `tooLong` is thrown before anything is allocated for one over `capBytes`. */
  async read(name: string, capBytes: number, tooLong: () => Error): Promise<Uint8Array> {
    const source = await this.open(name);
    try {
      if (source.sizeBytes > capBytes) throw tooLong();
      return await source.read(0, source.sizeBytes);
    } finally {
      await source.close();
    }
  }

  /**
   * The folder holds the label, its signature and what is on some of the label's discs, all of the right size, and
   * nothing else. Returns the parts of the container that are here. Throws PACKAGE_INCOMPLETE, PACKAGE_FOREIGN_FILE,
   * CUT_SHORT, TRAILING_DATA.
   */
  async requireExactly(label: Label): Promise<readonly LabelledFile[]> {
    const { label: labelName, labelSignature } = this.names;
    const parts = partsOf(label).filter(({ name, disc }) => this.has(name) || this.#hasPartOf(label, disc));
    const others = onEachDisc(label);
    const expected = [labelName, labelSignature, ...[...parts, ...others].map(({ name }) => name)];
    if (parts.length === 0 || !expected.every((name) => this.has(name))) throw incomplete("has a file missing");
    if (this.#entries.length > expected.length) throw foreignFile();
    for (const { name, size } of [...parts, ...others]) {
      const found = await this.#folder.sizeOf(name);
      if (found === undefined) throw incomplete("holds something that is not a file");
      if (found < size) throw wrongSize("CUT_SHORT", "shorter");
      if (found > size) throw wrongSize("TRAILING_DATA", "longer");
    }
    return parts;
  }

  /** What is on a disc is there whole, or not at all. */
  #hasPartOf(label: Label, disc: number | undefined): boolean {
    return disc !== undefined && partsOf(label).some((part) => part.disc === disc && this.has(part.name));
  }
}

export function notFound(message: string, cause?: unknown): EvsealError {
  return new EvsealError("PACKAGE_NOT_FOUND", message, {
    hint: "name the folder that holds the files of one package, EV-….evseal among them",
    cause,
  });
}

function foreignFile(): EvsealError {
  return new EvsealError("PACKAGE_FOREIGN_FILE", "the package's folder holds a file that does not belong to it", {
    hint: "do not trust what was added; ask the sender which files the package has",
  });
}

function wrongSize(code: "CUT_SHORT" | "TRAILING_DATA", direction: string): EvsealError {
  return new EvsealError(code, `a file of the package is ${direction} than its label says`, {
    hint: "copy it again from the disc, or ask the sender for another copy",
  });
}
