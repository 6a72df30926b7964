import { fromUtf8 } from "../bytes.js";
import { DiscFault } from "./disc-finding.js";
import type { DiscReader } from "./disc-reader.js";
import { isRecordedTime } from "./recorded-time.js";
import { both32, isZero, placeOf, sectorSizeBytes } from "./sector.js";

/** SUSP 5.5: the extension that says these are Rock Ridge names, exactly as libisofs and genisoimage write it. */
const rockRidge = [
  "RRIP_1991A",
  "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
  "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR " +
    "FOR CONTACT INFORMATION.",
] as const;
const rockRidgeEntry = Buffer.concat([
  Buffer.from([...rockRidge.map((text) => text.length), 1]),
  Buffer.from(rockRidge.join("")),
]);

const sharingStart = Buffer.from([0xbe, 0xef, 0]); // SUSP 5.3
/** A record has one continuation area in practice; none that lead in circles are followed for long. */
const continuationsCap = 4;

/** What a record's system use area says. */
export interface SystemUse {
  /** The Rock Ridge name, where there is one. */
  readonly name: string | undefined;
}

/** Whether the root's own record begins the sharing protocol (SUSP 5.3), without which there are no entries anywhere. */
export function beginsSharing(systemUse: Buffer): boolean {
  return systemUse.toString("latin1", 0, 2) === "SP";
}

/**
 * Reads the entries of SUSP (IEEE P1281) and Rock Ridge (IEEE P1282) in a record, those of its continuation areas
 * included, and answers for each byte. Throws DiscFault for what no package needs.
 */
export async function readSystemUse(
  reader: DiscReader,
  record: { readonly systemUse: Buffer; readonly isFolder: boolean },
  isRootItself: boolean,
  place: string,
): Promise<SystemUse> {
  const seen = new Map<string, Buffer>();
  let area: Buffer | undefined = record.systemUse;
  for (let count = 0; area !== undefined; count++) {
    if (count > continuationsCap) throw new DiscFault("DISC_MALFORMED", place);
    seen.delete("CE");
    takeEntries(area, seen, place);
    const next = seen.get("CE");
    area = next && (await readContinuation(reader, next, place));
  }
  if (isRootItself !== seen.has("SP") || isRootItself !== seen.has("ER")) throw new DiscFault("DISC_MALFORMED", place);
  const mode = seen.get("PX");
  if (mode === undefined) throw new DiscFault("DISC_MALFORMED", place);
  checkPosix(mode, record.isFolder, place);
  const flags = seen.get("RR")?.[0];
  const due = 0x01 | (seen.has("NM") ? 0x08 : 0) | (seen.has("TF") ? 0x80 : 0); // Rock Ridge 1.09 says what is there
  if (flags !== undefined && flags !== due) throw new DiscFault("DISC_MALFORMED", place);
  const name = seen.get("NM");
  return { name: name && decodeName(name, place) };
}

/** Adds the content of each entry to `seen`; none may come twice. */
function takeEntries(area: Buffer, seen: Map<string, Buffer>, place: string): void {
  let at = 0;
  while (area.length - at >= 4) {
    const sizeBytes = area[at + 2] ?? 0;
    const signature = area.toString("latin1", at, at + 2);
    const content = area.subarray(at + 4, at + sizeBytes);
    if (sizeBytes < 4 || at + sizeBytes > area.length) throw new DiscFault("DISC_MALFORMED", place);
    at += sizeBytes;
    checkEntry(signature, content, place);
    if (area[at - sizeBytes + 3] !== 1 || seen.has(signature)) throw new DiscFault("DISC_EXTENSION", place);
    seen.set(signature, content);
    if (signature === "ST") break; // SUSP 5.4
  }
  const rest = area.subarray(at); // a record has an even length, so one byte may be left
  if (rest.length > 1 || !isZero(rest)) throw new DiscFault("DISC_HIDDEN_BYTES", place);
}

function checkEntry(signature: string, content: Buffer, place: string): void {
  switch (signature) {
    case "SP":
      if (!content.equals(sharingStart)) throw new DiscFault("DISC_MALFORMED", place);
      return;
    case "ER":
      if (!content.equals(rockRidgeEntry)) throw new DiscFault("DISC_EXTENSION", place);
      return;
    case "PD":
    case "ST":
      if (!isZero(content)) throw new DiscFault("DISC_HIDDEN_BYTES", place);
      return;
    case "TF":
      checkTimes(content, place);
      return;
    case "CE":
      if (content.length !== 24) throw new DiscFault("DISC_MALFORMED", place);
      return;
    case "RR":
      if (content.length !== 1) throw new DiscFault("DISC_MALFORMED", place);
      return;
    case "PX":
    case "NM":
      return;
    case "SL": // a link
    case "PN": // a device
    case "CL": // a folder that stands elsewhere
    case "PL":
    case "RE":
      throw new DiscFault("DISC_LINK", place);
    default:
      throw new DiscFault("DISC_EXTENSION", place);
  }
}

/** RRIP 4.1.1: kind and permissions; links, owner and group are numbers in both orders of bytes. */
function checkPosix(content: Buffer, isFolder: boolean, place: string): void {
  if (content.length !== 32) throw new DiscFault("DISC_EXTENSION", place);
  const [mode = 0] = [0, 8, 16, 24].map((at) => both32(content, at, place));
  const kind = isFolder ? 0o040000 : 0o100000;
  if ((mode & ~0o777) !== kind) throw new DiscFault("DISC_LINK", place);
}

/** RRIP 4.1.6: modification, access and change, in the short form, which is what libisofs and genisoimage write. */
function checkTimes(content: Buffer, place: string): void {
  const times = [1, 8, 15].map((at) => content.subarray(at, at + 7));
  if (content[0] !== 0x0e || content.length !== 22 || !times.every(isRecordedTime))
    throw new DiscFault("DISC_MALFORMED", place);
}

/** RRIP 4.1.4: no flag is needed for the names of a package, which are short. */
function decodeName(content: Buffer, place: string): string {
  if (content[0] !== 0) throw new DiscFault("DISC_NAME", place);
  try {
    return fromUtf8(content.subarray(1));
  } catch {
    throw new DiscFault("DISC_NAME", place);
  }
}

/** SUSP 5.1. */
async function readContinuation(reader: DiscReader, content: Buffer, place: string): Promise<Buffer> {
  const [sector = 0, offset = 0, sizeBytes = 0] = [0, 8, 16].map((at) => both32(content, at, place));
  if (offset + sizeBytes > sectorSizeBytes) throw new DiscFault("DISC_MALFORMED", place);
  const extent = { offset: sector * sectorSizeBytes + offset, sizeBytes };
  if (sizeBytes === 0) throw new DiscFault("DISC_MALFORMED", placeOf(extent.offset));
  return await reader.take(extent);
}
