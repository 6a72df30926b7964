import { isCutFrom } from "./cut-name.js";
import { DiscFault, type DiscFindings } from "./disc-finding.js";
import type { DiscFile, DiscFolder, DiscTree } from "./disc-tree.js";
import type { Extent } from "./sector.js";

export interface NamedFile {
  readonly name: string;
  readonly extent: Extent;
}

/** A folder under the name that its readers see; every tree on the disc agrees with it. */
export interface NamedFolder {
  readonly name: string;
  readonly files: readonly NamedFile[];
  readonly folders: readonly NamedFolder[];
}

/**
 * The one tree that all computers see: under the Rock Ridge names, else the Joliet names. Wherever the trees differ, and
 * wherever an ISO 9660 identifier is not its name cut short, is a finding. Throws DISC_NAMES_CUT where there are neither.
 */
export function nameTree(primary: DiscTree, joliet: DiscTree | undefined, findings: DiscFindings): NamedFolder {
  if (primary.hasRockRidge) {
    const root = named(primary.root, ({ id, name }) => {
      if (name !== undefined && !isCutFrom(id, name)) findings.add("DISC_NAME", name);
      return name ?? id;
    });
    if (joliet) compare(root, joliet.root, (id, name) => id === name, findings);
    return root;
  }
  if (joliet === undefined) throw new DiscFault("DISC_NAMES_CUT", primary.root.folders[0]?.id ?? "");
  const root = named(joliet.root, ({ id }) => id);
  compare(root, primary.root, isCutFrom, findings);
  return root;
}

function named(folder: DiscFolder, nameOf: (entry: DiscFile) => string): NamedFolder {
  return {
    name: folder.id === "" ? "" : nameOf(folder),
    files: folder.files.map((file) => ({ name: nameOf(file), extent: file.extent })),
    folders: folder.folders.map((below) => named(below, nameOf)),
  };
}

/** Every file and folder of the one is in the other, under a name that `fits`; what a file is, its extent tells. */
function compare(
  reference: NamedFolder,
  other: DiscFolder,
  fits: (id: string, name: string) => boolean,
  findings: DiscFindings,
): void {
  const pairUp = <A extends NamedFile | NamedFolder, B extends DiscFile>(
    expected: readonly A[],
    found: readonly B[],
    keyOfExpected: (entry: A) => string,
    keyOfFound: (entry: B) => string,
  ): [A, B][] => {
    const missing = new Map(expected.map((entry) => [keyOfExpected(entry), entry]));
    if (missing.size < expected.length) findings.add("DISC_TREES_DIFFER", reference.name);
    const pairs: [A, B][] = [];
    for (const entry of found) {
      const key = keyOfFound(entry);
      const twin = missing.get(key);
      missing.delete(key);
      if (twin === undefined) findings.add("DISC_TREES_DIFFER", entry.name ?? entry.id);
      else if (!fits(entry.id, twin.name)) findings.add("DISC_NAME", twin.name);
      if (twin !== undefined) pairs.push([twin, entry]);
    }
    for (const { name } of missing.values()) findings.add("DISC_TREES_DIFFER", name);
    return pairs;
  };
  pairUp(reference.files, other.files, fileKey, fileKey);
  const below = pairUp(reference.folders, other.folders, folderKey, folderKey);
  for (const [expected, found] of below) compare(expected, found, fits, findings);
}

function fileKey({ extent }: { readonly extent: Extent }): string {
  return `${extent.offset} ${extent.sizeBytes}`;
}

/** A folder is known by the first of its files. */
function folderKey({ files }: { readonly files: readonly { readonly extent: Extent }[] }): string {
  return String(Math.min(...files.map(({ extent }) => extent.offset)));
}
