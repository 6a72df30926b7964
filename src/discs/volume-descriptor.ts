import { DiscFault } from "./disc-finding.js";
import { decodeRecord } from "./directory-record.js";
import { isVolumeTime } from "./recorded-time.js";
import { both16, both32, isZero, sectorSizeBytes, type Extent } from "./sector.js";

/** The fields in which a burning program, or a person, writes text (ECMA-119 8.4): where they are. */
const textFields = {
  system: [8, 32],
  volume: [40, 32],
  volumeSet: [190, 128],
  publisher: [318, 128],
  preparer: [446, 128],
  application: [574, 128],
  copyrightFile: [702, 37],
  abstractFile: [739, 37],
  bibliographicFile: [776, 37],
} as const;

export type TextField = keyof typeof textFields;

export interface VolumeDescriptor {
  readonly texts: Readonly<Record<TextField, string>>;
  /** How many characters a field holds. */
  readonly capacities: Readonly<Record<TextField, number>>;
  readonly sizeBytes: number;
  readonly pathTableSizeBytes: number;
  /** Sectors; the optional ones are absent where the descriptor says zero. */
  readonly littlePathTables: readonly number[];
  readonly bigPathTables: readonly number[];
  readonly root: Extent;
}

/** Joliet 1.0, "SVD Escape Sequences Field": UCS-2 level 3, which is what burning programs write. */
const jolietEscape = "%/E";

export function isJoliet(sector: Buffer): boolean {
  return sector.toString("latin1", 88, 91) === jolietEscape;
}

/** How every session of a disc begins (ECMA-119 8.4). */
export function isPrimaryDescriptor(sector: Buffer): boolean {
  return sector.toString("latin1", 0, 6) === "\u0001CD001";
}

/**
 * Decodes a primary (ECMA-119 8.4) or a Joliet (8.5) volume descriptor and answers for each of its bytes but those of
 * the texts, which the caller judges. Throws DiscFault.
 */
export function decodeVolumeDescriptor(sector: Buffer, kind: "primary" | "joliet", place: string): VolumeDescriptor {
  const malformed = (): DiscFault => new DiscFault("DISC_MALFORMED", place);
  const zero = (start: number, end: number): void => {
    if (!isZero(sector.subarray(start, end))) throw new DiscFault("DISC_HIDDEN_BYTES", place);
  };
  if (sector[6] !== 1 || sector[881] !== 1) throw malformed(); // the versions of descriptor and file structure
  zero(7, 8);
  zero(72, 80);
  zero(kind === "joliet" ? 91 : 88, 120);
  zero(882, 883);
  zero(1395, sectorSizeBytes);
  for (const at of [813, 830, 847, 864]) if (!isVolumeTime(sector.subarray(at, at + 17))) throw malformed();
  if (!isBlank(sector.subarray(883, 1395))) throw new DiscFault("DISC_HIDDEN_BYTES", place); // application use
  const isOneDisc = both16(sector, 120, place) === 1 && both16(sector, 124, place) === 1;
  if (!isOneDisc || both16(sector, 128, place) !== sectorSizeBytes) throw malformed();
  const root = decodeRecord(sector.subarray(156, 190), place);
  const isPlainFolder = root.isFolder && root.otherFlags === 0 && !root.isInterleaved;
  if (!isPlainFolder || root.id.length !== 1 || root.id[0] !== 0) throw malformed();
  const readField = ([at, sizeBytes]: readonly [number, number]): string =>
    textOf(sector.subarray(at, at + sizeBytes), kind === "joliet");
  return {
    texts: mapFields(readField),
    capacities: mapFields(([, sizeBytes]) => (kind === "joliet" ? Math.floor(sizeBytes / 2) : sizeBytes)),
    sizeBytes: both32(sector, 80, place) * sectorSizeBytes,
    pathTableSizeBytes: both32(sector, 132, place),
    littlePathTables: [sector.readUInt32LE(140), sector.readUInt32LE(144)].filter((at, index) => index === 0 || at > 0),
    bigPathTables: [sector.readUInt32BE(148), sector.readUInt32BE(152)].filter((at, index) => index === 0 || at > 0),
    root: root.extent,
  };
}

function mapFields<T>(read: (field: readonly [number, number]) => T): Readonly<Record<TextField, T>> {
  const entries = Object.entries(textFields).map(([name, field]) => [name, read(field)] as const);
  return Object.fromEntries(entries) as Record<TextField, T>;
}

/** The text without its filling, which is all spaces or all zeros: anything else stays, and is judged as text. */
function textOf(field: Buffer, isWide: boolean): string {
  // A wide field of 37 bytes has one byte left, which must be zero (Joliet 1.0, "Unspecified Field Values").
  const isOdd = isWide && field.length % 2 === 1;
  const text = isWide
    ? Buffer.from(field.subarray(0, field.length & ~1))
        .swap16()
        .toString("utf16le")
    : field.toString("latin1");
  const rest = isOdd && field[field.length - 1] !== 0 ? "\u0001" : "";
  return text.replace(/( +|\0+)$/, "") + rest;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === bytes[0]) && (bytes[0] === 0 || bytes[0] === 0x20);
}
