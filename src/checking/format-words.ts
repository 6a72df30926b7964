/**
 * The only door to file-type, which knows some two hundred formats by their first bytes. Its traps, and what is done:
 *
 * - It has looped and inflated without end on hostile bytes (CVE-2022-36313, CVE-2026-31808, CVE-2026-32630, all fixed
 *   in this version): it gets a small buffer and never a path or a stream, a deadline, and whatever it throws is caught.
 * - To look into ZIP and gzip it inflates, through a library that prints names of entries when DEBUG is set. Those
 *   two, and what it would find them behind (a byte order mark, an ID3 tag), are answered before it is asked.
 * - Its entry for node opens files; `file-type/core` cannot.
 *
 * It finds words and nothing else: whether a file may be there was decided before.
 */
import { setTimeout } from "node:timers/promises";
import { fileTypeFromBuffer } from "file-type/core";

const deadlineMs = 2000;

/** A format as an officer calls it, such as `a video in the clear (MP4)`; undefined when it is not known. */
export async function formatWords(head: Uint8Array): Promise<string | undefined> {
  const shielded = shieldedFormat(head);
  if (shielded !== undefined) return shielded;
  const stop = new AbortController();
  try {
    const deadline = setTimeout(deadlineMs, undefined, { signal: stop.signal });
    const found = await Promise.race([fileTypeFromBuffer(head), deadline]);
    return found && wordsFor(found.ext, found.mime);
  } catch {
    return undefined;
  } finally {
    stop.abort();
  }
}

function shieldedFormat(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const begins = (start: string): boolean => head.toString("latin1", 0, start.length) === start;
  if (begins("PK\u0003\u0004") || begins("PK\u0005\u0006")) return zipWords(head);
  if (begins("\u001f\u008b")) return "an archive (gzip)";
  if (begins("ID3")) return "a sound recording in the clear (MP3)";
  // The marks of UTF-8 and UTF-16; file-type takes the latter for the beginning of an MPEG sound frame.
  return ["\u00ef\u00bb\u00bf", "\u00ff\u00fe", "\u00fe\u00ff"].some(begins) ? "a text" : undefined;
}

/** What an office program writes is a ZIP archive as well; its first entries tell, uncompressed by their names. */
function zipWords(head: Buffer): string {
  const holds = (name: string): boolean => head.includes(name);
  if (holds("[Content_Types].xml") || holds("_rels/.rels")) {
    if (holds("word/")) return "a document (Word)";
    if (holds("xl/")) return "a spreadsheet (Excel)";
    if (holds("ppt/")) return "a presentation (PowerPoint)";
  }
  return holds("mimetypeapplication/vnd.oasis.opendocument") ? "a document (OpenDocument)" : "an archive (ZIP)";
}

/** Where file-type's own name for a format, in capitals, is not what it is called. */
const names: Readonly<Record<string, string>> = {
  mpg: "MPEG program stream",
  mts: "MPEG transport stream",
  mkv: "Matroska",
  webm: "WebM",
  mov: "QuickTime",
  asf: "Windows Media",
  flv: "Flash",
  jpg: "JPEG",
  tif: "TIFF",
  m4a: "MPEG-4 audio",
  bz2: "bzip2",
  rar: "RAR",
  "7z": "7-Zip",
  zst: "Zstandard",
  pst: "Outlook mailbox",
  sqlite: "SQLite",
};

const kinds: readonly (readonly [kind: string, formats: RegExp])[] = [
  ["a document", /^(pdf|rtf|ps|eps|epub|mobi|indd|xml|chm|dwg|vsdx|pst)$/],
  ["an archive", /^(tar|rar|bz2|7z|xz|cab|deb|ar|rpm|Z|lz|lzh|zst|lz4|arj|cpio|ace|asar|jar)$/],
  ["a disc image", /^dmg$/],
  ["a database", /^(sqlite|parquet|arrow|avro)$/],
  ["a program", /^(exe|elf|macho|apk|class|crx|xpi|wasm|swf)$/],
  ["a Windows shortcut", /^lnk$/],
  ["a macOS shortcut", /^alias$/],
  ["a calendar or an address", /^(ics|vcf)$/],
  ["an encrypted PGP file", /^pgp$/],
];

function wordsFor(format: string, mime: string): string {
  const name = names[format] ?? format.toUpperCase();
  if (format === "cfb") return "a document (Microsoft Office, older kind)";
  if (/^(video|application\/(vnd.ms-asf|mxf|ogg))/.test(mime)) return `a video in the clear (${name})`;
  if (mime.startsWith("audio/")) return `a sound recording in the clear (${name})`;
  const [kind] = kinds.find(([, formats]) => formats.test(format)) ?? [];
  if (kind !== undefined) return `${kind} (${name})`;
  return mime.startsWith("image/") ? `a picture in the clear (${name})` : `a file (${name})`;
}
