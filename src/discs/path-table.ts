import { DiscFault } from "./disc-finding.js";
import type { DiscFolder } from "./disc-tree.js";
import { isZero, sectorSizeBytes } from "./sector.js";

/** Checks every byte of a path table (ECMA-119 9.4): first the root, then each folder in it once. Throws DiscFault. */
export function checkPathTable(table: Buffer, order: "little" | "big", root: DiscFolder, place: string): void {
  const malformed = (): DiscFault => new DiscFault("DISC_MALFORMED", place);
  const missing = new Set([root, ...root.folders].map(({ rawId, extent }) => keyOf(rawId, extent.offset)));
  for (let at = 0; at < table.length;) {
    const idSizeBytes = table[at] ?? 0;
    const idEnd = at + 8 + idSizeBytes;
    const end = idEnd + (idSizeBytes % 2);
    if (idSizeBytes === 0 || end > table.length) throw malformed();
    const sector = order === "little" ? table.readUInt32LE(at + 2) : table.readUInt32BE(at + 2);
    const parent = order === "little" ? table.readUInt16LE(at + 6) : table.readUInt16BE(at + 6);
    const id = table.subarray(at + 8, idEnd);
    const isPlain = table[at + 1] === 0 && parent === 1 && isZero(table.subarray(idEnd, end));
    const isRoot = id.length === 1 && id[0] === 0;
    if (!isPlain || isRoot !== (at === 0) || !missing.delete(keyOf(id, sector * sectorSizeBytes))) throw malformed();
    at = end;
  }
  if (missing.size > 0) throw malformed();
}

function keyOf(id: Buffer, offset: number): string {
  return `${offset} ${id.toString("hex")}`;
}
