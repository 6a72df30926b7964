import { concat, utf8 } from "../bytes.js";

export const tarBlockSizeBytes = 512;

/** An entry as both archives have them: a regular file. */
export interface TarEntry {
  readonly path: string;
  readonly sizeBytes: number;
  /** Whole seconds since 1970, rounded down; the exact time is in the manifest. */
  readonly modifiedSeconds: number;
}

/** The largest values the ustar fields hold; the time's is that of a signed 32-bit number, which every tool reads. */
const maxUstarSizeBytes = 8 ** 11 - 1;
const maxUstarSeconds = 2 ** 31 - 1;

/**
 * The extended (PAX, POSIX.1-2001) records an entry needs beside its `path`, when its size or time does not fit ustar.
 * Undefined when ustar holds everything but, perhaps, the path.
 */
export function paxRecords(entry: TarEntry): Record<string, string> | undefined {
  const records = {
    ...(entry.sizeBytes > maxUstarSizeBytes && { size: String(entry.sizeBytes) }),
    ...(ustarSeconds(entry) !== entry.modifiedSeconds && { mtime: String(entry.modifiedSeconds) }),
  };
  return Object.keys(records).length > 0 ? records : undefined;
}

/** The time in the ustar field: clamped to 1970 … 2038 when a PAX record has the true one. */
function ustarSeconds(entry: TarEntry): number {
  return Math.min(Math.max(entry.modifiedSeconds, 0), maxUstarSeconds);
}

/**
 * The one encoding of an entry's header: 512 bytes, or a PAX header block, its records, and the entry's own block.
 * Opening accepts an archive only if its headers are these very bytes (FORMAT.md, "Archives").
 */
export function encodeTarHeader(entry: TarEntry): Uint8Array {
  const records = paxRecords(entry);
  const split = splitPath(entry.path);
  if (records === undefined && split !== undefined) return ustarBlock(entry, split, "0");
  const body = utf8(
    Object.entries({ path: entry.path, ...records })
      .map(paxRecord)
      .join(""),
  );
  const stand = { prefix: "", name: "PaxHeader" };
  return concat(
    ustarBlock({ ...entry, sizeBytes: body.length }, stand, "x"),
    body,
    new Uint8Array(paddingToBlock(body.length)),
    ustarBlock(entry, stand, "0"),
  );
}

/** The length of what `encodeTarHeader` gives. */
export function tarHeaderSizeBytes(entry: TarEntry): number {
  const isPlain = paxRecords(entry) === undefined && splitPath(entry.path) !== undefined;
  return isPlain ? tarBlockSizeBytes : encodeTarHeader(entry).length;
}

/** How many zeros bring `sizeBytes` to the next multiple of 512. */
export function paddingToBlock(sizeBytes: number): number {
  return (tarBlockSizeBytes - (sizeBytes % tarBlockSizeBytes)) % tarBlockSizeBytes;
}

/** POSIX ustar: `prefix` of at most 155 bytes and `name` of at most 100, both ASCII; undefined when it does not fit. */
function splitPath(path: string): { prefix: string; name: string } | undefined {
  if (Buffer.byteLength(path) !== path.length) return undefined;
  let at = -1; // of the slash between prefix and name: the first that leaves a name short enough
  while (path.length - at - 1 > 100) {
    at = path.indexOf("/", at + 1);
    if (at === -1 || at > 155) return undefined;
  }
  return { prefix: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) };
}

/** A record counts its own length: `30 mtime=1350244992.023960108\n`. */
function paxRecord([key, value]: [string, string]): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let sizeBytes = restBytes + String(restBytes).length;
  if (String(sizeBytes).length > String(restBytes).length) sizeBytes += 1;
  return `${sizeBytes}${rest}`;
}

/** What is the same in every block; the checksum is taken over spaces in its own place. */
const template = new Uint8Array(tarBlockSizeBytes);
for (const [at, text] of [
  [100, "000644 "],
  [108, "000000 "],
  [116, "000000 "],
  [148, "        "],
  [257, "ustar\x0000"],
  [329, "000000 "],
  [337, "000000 "],
] as const) {
  put(template, at, text);
}

function ustarBlock(entry: TarEntry, { prefix, name }: { prefix: string; name: string }, type: "0" | "x"): Uint8Array {
  const block = template.slice();
  put(block, 0, name);
  putSize(block, entry.sizeBytes);
  put(block, 136, `${octal(ustarSeconds(entry), 11)} `);
  put(block, 156, type);
  put(block, 345, prefix);
  let checksum = 0;
  for (let at = 0; at < tarBlockSizeBytes; at++) checksum += block[at] ?? 0; // an iterator takes several times as long
  put(block, 148, `${octal(checksum, 6)} \0`);
  return block;
}

/** Octal, or where that ends (8 GiB) GNU's base-256 number, beside the PAX `size` record that says the same. */
function putSize(block: Uint8Array, sizeBytes: number): void {
  if (sizeBytes <= maxUstarSizeBytes) {
    put(block, 124, `${octal(sizeBytes, 11)} `);
  } else {
    block[124] = 0x80;
    new DataView(block.buffer).setBigUint64(128, BigInt(sizeBytes));
  }
}

/** ASCII that fits its field; letter by letter, since a call of node's takes as long as twenty of them. */
function put(block: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) block[at + index] = text.charCodeAt(index);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
