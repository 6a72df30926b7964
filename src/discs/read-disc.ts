import type { Watch } from "../watch.js";
import { DiscFault, type DiscFinding } from "./disc-finding.js";
import { DiscReader, type DiscSource } from "./disc-reader.js";
import { readTree, type DiscTree } from "./disc-tree.js";
import { checkLabelText } from "./label-text.js";
import { nameTree, type NamedFolder } from "./named-tree.js";
import { checkPathTable } from "./path-table.js";
import { sectorSizeBytes } from "./sector.js";
import type { VolumeDescriptor } from "./volume-descriptor.js";
import { readVolumeDescriptors } from "./volume-descriptors.js";
import { scanGaps } from "./zero-scan.js";

export interface Disc {
  /** Undefined where the disc could not be read to the end; then there is a finding that says why. */
  readonly root: NamedFolder | undefined;
  readonly findings: readonly DiscFinding[];
}

/** A path table holds one short record for each folder. */
const pathTableCapBytes = 4 * 1024 * 1024;

/**
 * Reads an ISO 9660 disc (ECMA-119) with Joliet and Rock Ridge names, and accounts for each of its bytes but the contents
 * of the files in `root`, which the caller must prove. Throws INTERRUPTED, and faults.
 */
export async function readDisc(source: DiscSource, watch: Watch): Promise<Disc> {
  const reader = new DiscReader(source);
  try {
    const root = await readAll(reader, watch);
    return { root, findings: reader.findings.all };
  } catch (cause) {
    if (!(cause instanceof DiscFault)) throw cause;
    reader.findings.add(cause.finding.code, cause.finding.place);
    return { root: undefined, findings: reader.findings.all };
  }
}

async function readAll(reader: DiscReader, watch: Watch): Promise<NamedFolder> {
  const { primary, joliet } = await readVolumeDescriptors(reader);
  const tree = await readTree(reader, primary.root, "primary");
  await checkPathTables(reader, primary, tree);
  const jolietTree = joliet && (await readTree(reader, joliet.root, "joliet"));
  if (joliet && jolietTree) await checkPathTables(reader, joliet, jolietTree);
  const root = nameTree(tree, jolietTree, reader.findings);
  checkLabelText(primary, joliet, root, reader.findings);
  checkSizes(reader, primary, joliet);
  const gaps = reader.map.gaps(reader.source.sizeBytes, reader.findings);
  await scanGaps(reader, gaps, primary.sizeBytes, watch);
  return root;
}

async function checkPathTables(reader: DiscReader, volume: VolumeDescriptor, { root }: DiscTree): Promise<void> {
  const sizeBytes = volume.pathTableSizeBytes;
  if (sizeBytes > pathTableCapBytes) throw new DiscFault("DISC_TOO_MUCH", "path table");
  for (const order of ["little", "big"] as const) {
    const sectors = order === "little" ? volume.littlePathTables : volume.bigPathTables;
    for (const sector of sectors) {
      const table = await reader.take({ offset: sector * sectorSizeBytes, sizeBytes });
      checkPathTable(table, order, root, `sector ${sector}`);
    }
  }
}

/** All that belongs to the volume lies inside it, and it lies inside the disc. */
function checkSizes(reader: DiscReader, primary: VolumeDescriptor, joliet: VolumeDescriptor | undefined): void {
  if (primary.sizeBytes > reader.source.sizeBytes) throw new DiscFault("DISC_CUT_SHORT", "the end");
  const isAgreed = joliet === undefined || joliet.sizeBytes === primary.sizeBytes;
  if (!isAgreed || reader.map.endOffset > primary.sizeBytes) throw new DiscFault("DISC_MALFORMED", "volume size");
}
