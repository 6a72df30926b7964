import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { existing } from "../errors.js";
import { isDiscName, sealOfLabelName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import { notFound, PackageFiles } from "./package-files.js";
import { foreignDisc, incomplete } from "./refusals.js";

/** The folders that a package is in: one, or as many as it has discs, in any order. */
export class PackageDiscs {
  readonly seal: string;
  readonly folders: readonly PackageFiles[];

  private constructor(first: PackageFiles, folders: readonly PackageFiles[]) {
    this.seal = first.seal;
    this.folders = folders;
  }

  /** The first folder; each has label, manifest and text. */
  get first(): PackageFiles {
    return existing(this.folders[0], "a folder of the package");
  }

  /**
   * What is at `paths`: each is a package's folder, what is on one of its discs, or a folder with exactly one package in it,
   * as a disc is. Throws PACKAGE_NOT_FOUND, PACKAGE_FOREIGN_FILE, and DISC_FOREIGN where they are of several packages. For
   * `sealOf` see `PackageFiles.at`.
   */
  static async in(paths: readonly string[], sealOf = sealOfLabelName): Promise<PackageDiscs> {
    const folders: PackageFiles[] = [];
    for (const path of paths) folders.push(...(await foldersIn(path, sealOf)));
    const [first] = folders;
    if (first === undefined) throw notFound("there is no package folder at this path");
    if (folders.some(({ seal }) => seal !== first.seal)) throw foreignDisc();
    return new PackageDiscs(first, folders);
  }
}

async function foldersIn(path: string, sealOf: typeof sealOfLabelName): Promise<readonly PackageFiles[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []); // `at` says what is wrong
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (entries.some(({ name }) => sealOfLabelName(name) !== undefined)) return [await PackageFiles.at(path, sealOf)];
  const packages = folders.filter((name) => isSealNumber(name));
  if (packages.length > 1) throw notFound(`this folder holds ${packages.length} packages`);
  const [found] = packages;
  if (found !== undefined) return await foldersIn(join(path, found), sealOf);
  const discs = folders.filter((name) => isDiscName(name));
  if (discs.length === 0) return [await PackageFiles.at(path, sealOf)];
  if (discs.length < entries.length) throw incomplete("has something beside the folders of its discs");
  return await Promise.all(discs.sort().map((name) => PackageFiles.at(join(path, name), sealOf)));
}
