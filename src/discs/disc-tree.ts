import { decodeDirectory, multiExtentFlag, type DirectoryRecord } from "./directory-record.js";
import { DiscFault } from "./disc-finding.js";
import type { DiscReader } from "./disc-reader.js";
import { placeOf, sectorSizeBytes, type Extent } from "./sector.js";
import { beginsSharing, readSystemUse } from "./system-use.js";

/** Caps before anything is allocated: a disc full of the smallest packages stays below them. */
const rootCapBytes = 4 * 1024 * 1024;
const folderCapBytes = 512 * 1024;
const recordsCap = 200_000;

export interface DiscFile {
  /** As this tree's identifier says, without Joliet's version number. */
  readonly id: string;
  /** The Rock Ridge name; undefined in a tree without. */
  readonly name: string | undefined;
  readonly extent: Extent;
}

export interface DiscFolder extends DiscFile {
  readonly rawId: Buffer;
  readonly files: readonly DiscFile[];
  readonly folders: readonly DiscFolder[];
}

export interface DiscTree {
  readonly root: DiscFolder;
  readonly hasRockRidge: boolean;
}

export type TreeKind = "primary" | "joliet";

/**
 * Reads all folders of a tree, which has the shape of a tray of packages or of one package: no folder stands below a
 * folder. Answers for each of their bytes, and claims them and (of the primary tree) the files. Throws DiscFault.
 */
export async function readTree(reader: DiscReader, root: Extent, kind: TreeKind): Promise<DiscTree> {
  return await new TreeReader(reader, kind).read(root);
}

class TreeReader {
  readonly #reader: DiscReader;
  readonly #kind: TreeKind;
  #recordCount = 0;
  #isSharing = false;

  constructor(reader: DiscReader, kind: TreeKind) {
    this.#reader = reader;
    this.#kind = kind;
  }

  async read(extent: Extent): Promise<DiscTree> {
    const root = await this.#readFolder({ id: "", name: undefined, extent, rawId: Buffer.of(0) }, extent, 0);
    return { root, hasRockRidge: this.#isSharing };
  }

  async #readFolder(self: Omit<DiscFolder, "files" | "folders">, parent: Extent, depth: number): Promise<DiscFolder> {
    const { extent } = self;
    const place = placeOf(extent.offset);
    if (extent.sizeBytes > (depth === 0 ? rootCapBytes : folderCapBytes)) throw new DiscFault("DISC_TOO_MUCH", place);
    if (extent.sizeBytes === 0 || extent.sizeBytes % sectorSizeBytes !== 0)
      throw new DiscFault("DISC_MALFORMED", place);
    const bytes = await this.#reader.take(extent);
    const files: DiscFile[] = [];
    const found: Omit<DiscFolder, "files" | "folders">[] = [];
    let index = 0;
    for (const record of decodeDirectory(bytes, extent.offset / sectorSizeBytes)) {
      if (++this.#recordCount > recordsCap) throw new DiscFault("DISC_TOO_MUCH", place);
      if (index < 2) await this.#checkDots(record, index, extent, parent, depth, place);
      else if (record.isFolder) found.push({ ...(await this.#readEntry(record, place)), rawId: record.id });
      else files.push(await this.#readFile(record, place));
      index++;
    }
    if (index < 2) throw new DiscFault("DISC_MALFORMED", place);
    const [below] = found;
    if (below !== undefined && depth > 0) throw new DiscFault("DISC_TOO_DEEP", below.name ?? below.id);
    const folders: DiscFolder[] = [];
    for (const folder of found) folders.push(await this.#readFolder(folder, extent, depth + 1));
    return { ...self, files, folders };
  }

  /** The first two records are the folder itself and the one above (ECMA-119 6.8.2.2); libisofs writes itself twice. */
  async #checkDots(
    record: DirectoryRecord,
    index: number,
    self: Extent,
    parent: Extent,
    depth: number,
    place: string,
  ): Promise<void> {
    const { id, extent, isFolder, otherFlags, isInterleaved } = record;
    const isSelf = isSame(extent, self);
    const fits = index === 0 ? isSelf : isSame(extent, parent) || (this.#kind === "joliet" && isSelf);
    const isDot = id.length === 1 && id[0] === index && isFolder && otherFlags === 0 && !isInterleaved;
    if (!fits || !isDot) throw new DiscFault("DISC_MALFORMED", place);
    const isRootItself = depth === 0 && index === 0;
    if (isRootItself && this.#kind === "primary") this.#isSharing = beginsSharing(record.systemUse);
    const name = await this.#readName(record, isRootItself, place);
    if (name !== undefined) throw new DiscFault("DISC_NAME", place);
  }

  async #readFile(record: DirectoryRecord, place: string): Promise<DiscFile> {
    const file = await this.#readEntry(record, place);
    if (this.#kind === "primary") this.#reader.map.claim(file.extent);
    return file;
  }

  async #readEntry(record: DirectoryRecord, place: string): Promise<DiscFile> {
    const id = this.#decodeId(record.id, place);
    const name = await this.#readName(record, false, place);
    if (this.#isSharing && name === undefined) throw new DiscFault("DISC_NAME", place);
    if ((record.otherFlags & multiExtentFlag) !== 0) throw new DiscFault("DISC_FILE_IN_PIECES", name ?? id);
    if (record.otherFlags !== 0 || record.isInterleaved) this.#reader.findings.add("DISC_FILE_FLAGS", name ?? id);
    return { id, name, extent: record.extent };
  }

  /** Only the primary tree has system use areas, and only where its root says so. */
  async #readName(record: DirectoryRecord, isRootItself: boolean, place: string): Promise<string | undefined> {
    if (this.#isSharing) return (await readSystemUse(this.#reader, record, isRootItself, place)).name;
    if (record.systemUse.length > 0) throw new DiscFault("DISC_HIDDEN_BYTES", place);
    return undefined;
  }

  /** Joliet 1.0: identifiers are UCS-2, big-endian; some programs give files a version number, as in ISO 9660. */
  #decodeId(id: Buffer, place: string): string {
    if (this.#kind === "primary") return id.toString("latin1");
    if (id.length % 2 !== 0) throw new DiscFault("DISC_MALFORMED", place);
    return Buffer.from(id).swap16().toString("utf16le").replace(/;1$/, "");
  }
}

function isSame(a: Extent, b: Extent): boolean {
  return a.offset === b.offset && a.sizeBytes === b.sizeBytes;
}
