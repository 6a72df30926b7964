import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import type { SealedFile } from "../package/label.js";
import { namesFor, sealOfLabelName, type PackageNames } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import { folderAt, type PackageFolder } from "./package-folder.js";
import { incomplete, isForbidden, notAllowed } from "./refusals.js";
import type { SealedSource } from "./sealed-source.js";

/** A folder that says it is a package: it holds one label, whose name gives the seal number. */
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

  /** Throws PACKAGE_NOT_FOUND when there is no such folder. */
  static async at(place: string | PackageFolder): Promise<PackageFiles> {
    const folder = typeof place === "string" ? folderAt(place) : place;
    const entries = await folder.names().catch((cause: unknown) => {
      throw isForbidden(cause) ? notAllowed(cause) : notFound("there is no package folder at this path", cause);
    });
    const seals = entries.map(sealOfLabelName).filter((seal) => seal !== undefined);
    const [seal] = seals;
    if (seal === undefined) throw notFound("this folder holds no package label");
    if (seals.length > 1) throw foreignFile();
    return new PackageFiles(folder, seal, entries);
  }

  /**
   * The same, or of the one package in the folder at `path`, such as a disc's. Throws PACKAGE_NOT_FOUND, also when it
   * holds several.
   */
  static async in(path: string): Promise<PackageFiles> {
    const folders = await readdir(path, { withFileTypes: true }).catch(() => []); // `at` says what is wrong
    const packages = folders.filter((entry) => entry.isDirectory() && isSealNumber(entry.name));
    const [found] = packages;
    if (found === undefined || folders.some(({ name }) => sealOfLabelName(name) !== undefined))
      return await this.at(path);
    if (packages.length > 1) throw notFound(`this folder holds ${packages.length} packages`);
    return await this.at(join(path, found.name));
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
   * The folder holds the label, its signature and `labelled`, all of the right size, and nothing else. Throws
   * PACKAGE_INCOMPLETE, PACKAGE_FOREIGN_FILE, CUT_SHORT, TRAILING_DATA.
   */
  async requireExactly(labelled: readonly SealedFile[]): Promise<void> {
    const expected = [this.names.label, this.names.labelSignature, ...labelled.map(({ name }) => name)];
    if (!expected.every((name) => this.has(name))) throw incomplete("has a file missing");
    if (this.#entries.length > expected.length) throw foreignFile();
    for (const { name, size } of labelled) {
      const found = await this.#folder.sizeOf(name);
      if (found === undefined) throw incomplete("holds something that is not a file");
      if (found < size) throw wrongSize("CUT_SHORT", "shorter");
      if (found > size) throw wrongSize("TRAILING_DATA", "longer");
    }
  }
}

function notFound(message: string, cause?: unknown): EvsealError {
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
