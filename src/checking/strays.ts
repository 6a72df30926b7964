import { basename } from "node:path";
import { howToName, leftoverOf, namesFor, sealOfLabelName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { describeFile } from "./content-words.js";
import { finding, packageFinding, privateKey, type Finding, type Findings } from "./finding.js";
import type { Entry } from "./tree.js";

/** A folder that has a package's files and nothing else; whether they are right is still to be proven. */
export interface FoundPackage {
  readonly entry: Entry;
  /** Its name below the tree; undefined where it is the tree. */
  readonly folder: string | undefined;
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

  /** What the user named may be a package, or hold packages: a folder of any name. */
  async root(root: Entry): Promise<void> {
    if (root.kind !== "folder") await this.#stray(root);
    else if (sealOf(root) === undefined) await this.#tray(root);
    else await this.#package(root, undefined);
  }

  async #tray(folder: Entry): Promise<void> {
    for (const entry of folder.entries) {
      if (isPackage(entry)) await this.#package(entry, entry.name);
      else await this.#stray(entry);
    }
  }

  async #package(entry: Entry, folder: string | undefined): Promise<void> {
    const seal = sealOf(entry) ?? "";
    const hasLabel = entry.entries.some(({ name }) => sealOfLabelName(name) !== undefined);
    const strays = straysAmong(entry, seal);
    if (!hasLabel) this.#findings.add(packageFinding("PACKAGE_INCOMPLETE", entry.path));
    else if (leftoverOf(basename(entry.name)) !== undefined) this.#findings.add(finding("LEFTOVER", entry.path));
    else if (folder !== undefined && folder !== seal) this.#findings.add(finding("FOLDER_NAME", entry.path));
    else if (strays.length === 0) this.packages.push({ entry, folder });
    for (const stray of strays) await this.#stray(stray);
  }

  /** Something that belongs to no package, and all that is in it. */
  async #stray(entry: Entry): Promise<void> {
    throwIfInterrupted(this.#watch);
    await this.#findings.name(() => describe(entry));
    const leftover = entry.kind === "folder" ? leftoverOf(entry.name) : undefined;
    const seal = leftover?.kind === "sealed" ? leftover.seal : "";
    for (const below of straysAmong(entry, seal)) {
      // A package is named with the folder that it lies in.
      for (const stray of isPackage(below) ? straysAmong(below, sealOf(below) ?? "") : [below])
        await this.#stray(stray);
    }
  }
}

/** The seal number of a folder that has, or had, a package's files; its label's name gives it, else its own. */
function sealOf({ name, entries }: Entry): string | undefined {
  const labels = entries.map((entry) => sealOfLabelName(entry.name)).filter((seal) => seal !== undefined);
  if (labels.length > 0) return labels.includes(name) ? name : labels[0];
  return isSealNumber(name) && entries.some((entry) => isPart(name, entry.name)) ? name : undefined;
}

/** What is in a folder beside the parts of package `seal`. */
function straysAmong({ entries }: Entry, seal: string): readonly Entry[] {
  return entries.filter(({ name, kind }) => kind !== "file" || !isPart(seal, name));
}

function isPackage(entry: Entry): boolean {
  return entry.kind === "folder" && sealOf(entry) !== undefined;
}

function isPart(seal: string, name: string): boolean {
  const { container, manifest, label, labelSignature } = namesFor(seal);
  return [container, manifest, label, labelSignature, howToName].includes(name);
}

async function describe(entry: Entry): Promise<Finding> {
  const { name, path, kind } = entry;
  switch (kind) {
    case "file": {
      const content = await describeFile(entry.onDisc?.open ?? entry.location, name);
      if (content === undefined) return finding("UNREADABLE", path, "a file that cannot be read");
      return "key" in content ? privateKey(path, content.key) : finding("CLEAR_FILE", path, content.words);
    }
    case "folder":
      if (leftoverOf(name) !== undefined) return finding("LEFTOVER", path);
      if (entry.entries.some(isPackage)) return finding("PACKAGE_NOT_ON_TOP", path);
      return finding(entry.entries.length === 0 ? "EMPTY_FOLDER" : "CLEAR_FOLDER", path);
    case "link":
      return finding("LINK", path);
    case "special":
      return finding("SPECIAL_FILE", path);
    case "unreadable":
      return finding("UNREADABLE", path);
    case "too deep":
      return finding("TOO_DEEP", path);
    case "the same again":
      return finding("FOLDER_LOOP", path);
  }
}
