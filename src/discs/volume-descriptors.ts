import type { ByteSource } from "../age/open.js";
import { DiscFault } from "./disc-finding.js";
import type { DiscReader } from "./disc-reader.js";
import { isZero, sectorSizeBytes } from "./sector.js";
import { decodeVolumeDescriptor, isJoliet, type VolumeDescriptor } from "./volume-descriptor.js";

export interface VolumeDescriptors {
  readonly primary: VolumeDescriptor;
  readonly joliet: VolumeDescriptor | undefined;
}

/** ECMA-119 6.3: the descriptors begin at sector 16. */
const firstSector = 16;
const descriptorsCap = 16;
/** Where UDF's own sequence is looked for: right after that of ISO 9660, or in its place (ECMA-167 2/8.3). */
const recognitionSectors = 48;
const isoName = "CD001";
const udfNames = ["BEA01", "BOOT2", "CDW02", "NSR02", "NSR03", "TEA01"];

/** Reads the set of volume descriptors: one primary, at most one of Joliet, and the end. Throws DiscFault. */
export async function readVolumeDescriptors(reader: DiscReader): Promise<VolumeDescriptors> {
  await requireIso(reader.source);
  let primary: VolumeDescriptor | undefined;
  let joliet: VolumeDescriptor | undefined;
  for (let index = firstSector; index < firstSector + descriptorsCap; index++) {
    const place = `sector ${index}`;
    const sector = await reader.take({ offset: index * sectorSizeBytes, sizeBytes: sectorSizeBytes });
    if (nameIn(sector) !== isoName) throw new DiscFault("DISC_MALFORMED", place);
    const kind = sector[0];
    if (kind === 255) {
      if (sector[6] !== 1 || !isZero(sector.subarray(7))) throw new DiscFault("DISC_HIDDEN_BYTES", place);
      if (primary === undefined) throw new DiscFault("DISC_MALFORMED", place);
      return { primary, joliet };
    }
    if (kind === 1 && primary === undefined) primary = decodeVolumeDescriptor(sector, "primary", place);
    else if (kind === 2 && joliet === undefined && isJoliet(sector))
      joliet = decodeVolumeDescriptor(sector, "joliet", place);
    else reader.findings.add(kind === 0 ? "DISC_BOOT" : "DISC_DESCRIPTOR", place); // ECMA-119 8.2; 8.4.1
  }
  throw new DiscFault("DISC_MALFORMED", `sector ${firstSector}`);
}

/** Throws DISC_UDF before DISC_UNKNOWN: a disc with both file systems shows each computer another one. */
async function requireIso(source: ByteSource): Promise<void> {
  const names = await namesOn(source);
  const udf = names.findIndex((name) => udfNames.includes(name));
  if (udf >= 0) throw new DiscFault("DISC_UDF", `sector ${firstSector + udf}`);
  if (names[0] !== isoName) throw new DiscFault("DISC_UNKNOWN", `sector ${firstSector}`);
}

/** Whether there is a file system of discs at all, of whichever kind. */
export async function looksLikeDisc(source: ByteSource): Promise<boolean> {
  return (await namesOn(source)).some((name) => name === isoName || udfNames.includes(name));
}

async function namesOn(source: ByteSource): Promise<string[]> {
  const read = await source.read(firstSector * sectorSizeBytes, recognitionSectors * sectorSizeBytes);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
  const starts = Array.from(
    { length: Math.ceil(bytes.length / sectorSizeBytes) },
    (_, index) => index * sectorSizeBytes,
  );
  return starts.map((at) => nameIn(bytes.subarray(at, at + sectorSizeBytes)));
}

/** ECMA-119 8.1.2 and ECMA-167 2/9.1 have the identifier at the same place. */
function nameIn(sector: Buffer): string {
  return sector.toString("latin1", 1, 6);
}
