import { basename, dirname, resolve } from "node:path";
import { isDiscName, leftoverOf } from "../package/names.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { describeStray } from "./entry-words.js";
import { finding, packageFinding, type Findings } from "./finding.js";
import { discsIn, hasLabel, isPackage, sealInName, sealOf, straysIn } from "./package-shape.js";
import type { Entry } from "./tree.js";

/** A folder with files of a package. */
export interface FoundFolder {
  readonly entry: Entry;
  /** Its path below the tree; undefined where it is the tree. */
  readonly folder: string | undefined;
}

/** Folders that have a package's files and nothing else; whether they are right is still to be proven. */
export interface FoundPackage extends FoundFolder {
  /** The folders of its discs; undefined where the files are in its own. */
  readonly discs: readonly FoundFolder[] | undefined;
}

/**
 * Every file, folder, link and special file that is not in its place in a package goes to `findings`, by what it is;
 * the packages without such come back. Nothing is believed yet but names and kinds.
 */
export async function findStrays(root: Entry, findings: Findings, watch: Watch): Promise<readonly FoundPackage[]> {
  const search = new Search(findings, watch);
  await search.root(root);
  return search.packages;
}

class Search {
  readonly packages: FoundPackage[] = [];
  readonly #findings: Findings;
  readonly #watch: Watch;

  constructor(findings: Findings, watch: Watch) {
    this.#findings = findings;
    this.#watch = watch;
  }

  /** What the user named may be a package or one of its discs, in a folder of any name, or hold packages. */
  async root(found: Entry): Promise<void> {
    const root = found.onDisc === undefined ? { ...found, name: basename(resolve(found.path)) } : found;
    if (root.kind !== "folder") await this.#stray(root);
    else if (sealOf(root) !== undefined) await this.#package(root, undefined);
    else if (discsIn(root) !== undefined && sealInName(root.name) !== undefined) await this.#discs(root, undefined);
    else await this.#tray(root);
  }

  async #tray(folder: Entry): Promise<void> {
    for (const entry of folder.entries) {
      if (!isPackage(entry)) await this.#stray(entry);
      else if (discsIn(entry) === undefined) await this.#package(entry, entry.name);
      else await this.#discs(entry, entry.name);
    }
  }

  async #package(entry: Entry, folder: string | undefined): Promise<void> {
    const strays = straysIn(entry);
    if (this.#isWhole(entry) && this.#isInPlace(entry, folder) && strays.length === 0)
      this.packages.push({ entry, folder, discs: undefined });
    for (const stray of strays) await this.#stray(stray);
  }

  async #discs(entry: Entry, folder: string | undefined): Promise<void> {
    const discs = discsIn(entry) ?? [];
    const strays = straysIn(entry);
    const isWhole = this.#isInPlace(entry, folder) && discs.filter((disc) => !this.#isWhole(disc)).length === 0;
    if (isWhole && strays.length === 0) {
      const above = folder === undefined ? "" : `${folder}/`;
      const found = discs.map((disc) => ({ entry: disc, folder: `${above}${disc.name}` }));
      this.packages.push({ entry, folder, discs: found });
    }
    for (const stray of strays) await this.#stray(stray);
  }

  #isWhole(entry: Entry): boolean {
    const isWhole = hasLabel(entry);
    if (!isWhole) this.#findings.add(packageFinding("PACKAGE_INCOMPLETE", entry.path));
    return isWhole;
  }

  #isInPlace(entry: Entry, folder: string | undefined): boolean {
    const isOver = !isLeftover(entry);
    if (isOver && (folder === undefined || folder === (sealOf(entry) ?? sealInName(folder)))) return true;
    const code = isDiscName(entry.name) ? "DISC_ALONE" : "FOLDER_NAME";
    this.#findings.add(finding(isOver ? code : "LEFTOVER", entry.path));
    return false;
  }

  /** Something that belongs to no package, and all that is in it. */
  async #stray(entry: Entry): Promise<void> {
    throwIfInterrupted(this.#watch);
    await this.#findings.name(() => describeStray(entry));
    for (const below of straysIn(entry)) {
      // A package is named with the folder that it lies in.
      for (const stray of isPackage(below) ? straysIn(below) : [below]) await this.#stray(stray);
    }
  }
}

/** Of an interrupted run: a package's folder, or that of a disc in it. */
function isLeftover({ name, path }: Entry): boolean {
  const own = isDiscName(name) ? basename(dirname(resolve(path))) : name;
  return leftoverOf(own) !== undefined;
}
