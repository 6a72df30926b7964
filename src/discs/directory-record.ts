import { DiscFault } from "./disc-finding.js";
import { isRecordedTime } from "./recorded-time.js";
import { both16, both32, isZero, sectorSizeBytes, type Extent } from "./sector.js";

/** One entry of a folder (ECMA-119 9.1). */
export interface DirectoryRecord {
  /** The raw identifier; one byte, 0 or 1, for the folder itself and the one above. */
  readonly id: Buffer;
  readonly extent: Extent;
  readonly isFolder: boolean;
  /** ECMA-119 9.1.6, without the bit for a folder. */
  readonly otherFlags: number;
  readonly isInterleaved: boolean;
  readonly systemUse: Buffer;
}

const folderFlag = 0x02;
export const multiExtentFlag = 0x80;
const fixedSizeBytes = 33;

/** Decodes one record that fills `bytes`, and answers for each of them but `systemUse`. Throws DiscFault. */
export function decodeRecord(bytes: Buffer, place: string): DirectoryRecord {
  const idSizeBytes = bytes[32] ?? 0;
  const idEnd = fixedSizeBytes + idSizeBytes;
  const paddedEnd = idEnd + (idSizeBytes % 2 === 0 ? 1 : 0); // 9.1.12
  const isWhole =
    bytes.length > fixedSizeBytes && bytes[0] === bytes.length && bytes.length % 2 === 0 && idSizeBytes > 0;
  if (!isWhole || paddedEnd > bytes.length) throw new DiscFault("DISC_MALFORMED", place);
  if (!isRecordedTime(bytes.subarray(18, 25))) throw new DiscFault("DISC_MALFORMED", place);
  if (both16(bytes, 28, place) !== 1) throw new DiscFault("DISC_MALFORMED", place); // the first disc of one
  const isPlain = bytes[1] === 0 && isZero(bytes.subarray(idEnd, paddedEnd)); // no extended attributes (9.1.2)
  if (!isPlain) throw new DiscFault("DISC_HIDDEN_BYTES", place);
  const flags = bytes[25] ?? 0;
  return {
    id: bytes.subarray(fixedSizeBytes, idEnd),
    extent: { offset: both32(bytes, 2, place) * sectorSizeBytes, sizeBytes: both32(bytes, 10, place) },
    isFolder: (flags & folderFlag) !== 0,
    otherFlags: flags & ~folderFlag,
    isInterleaved: bytes[26] !== 0 || bytes[27] !== 0,
    systemUse: bytes.subarray(paddedEnd),
  };
}

/** The records of a folder's whole extent; none crosses a sector, and zeros follow the last in each (6.8.1). */
export function* decodeDirectory(bytes: Buffer, firstSector: number): Generator<DirectoryRecord, void> {
  for (let start = 0; start < bytes.length; start += sectorSizeBytes) {
    const sector = bytes.subarray(start, start + sectorSizeBytes);
    const place = `sector ${firstSector + start / sectorSizeBytes}`;
    let at = 0;
    for (let sizeBytes = sector[0] ?? 0; sizeBytes > 0; sizeBytes = sector[at] ?? 0) {
      yield decodeRecord(sector.subarray(at, at + sizeBytes), place);
      at += sizeBytes;
    }
    if (!isZero(sector.subarray(at))) throw new DiscFault("DISC_HIDDEN_BYTES", place);
  }
}
