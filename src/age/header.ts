import { concat, utf8 } from "../bytes.js";
import { equalInConstantTime, hmacSha256 } from "../crypto/digest.js";
import { hkdfSha256 } from "../crypto/key-derivation.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { headerAltered, headerMalformed } from "./refusals.js";
import type { SourceReader } from "./source-reader.js";
import { encodeStanza, parseStanza, type Stanza } from "./stanza.js";

/** The textual header of an age v1 file; `bytes` is all of it, to the line feed that ends the MAC line. */
export interface Header {
  readonly stanzas: readonly Stanza[];
  readonly bytes: Uint8Array;
}

/** A package has at most 20 recipients of some 1.6 KB each; whatever is longer is not ours, and is not read on. */
export const headerCapBytes = 64 * 1024;

const versionLine = "age-encryption.org/v1";
const macSizeBytes = 32;
const macLineTailSize = 1 + 43 + 1; // space, 43 characters of base64, line feed: what the MAC does not cover
const lineFeed = 0x0a;
const macLineStart = utf8("---");

/** Reads to the end of the header and no further. Throws HEADER_MALFORMED. */
export async function readHeader(reader: SourceReader): Promise<Header> {
  const bytes = new Uint8Array(headerCapBytes);
  let sizeBytes = 0;
  // No line but the last starts with "---": "-" is not base64, and a stanza starts with "->".
  for (;;) {
    const line = await reader.readLine(bytes.subarray(sizeBytes));
    sizeBytes += line.length;
    if (line.at(-1) !== lineFeed) {
      throw headerMalformed(sizeBytes === headerCapBytes ? "it has no end" : "the file ends in it");
    }
    if (macLineStart.every((byte, index) => line[index] === byte)) return parseHeader(bytes.slice(0, sizeBytes));
  }
}

/** Parses a whole header (age.md "ABNF definition of file header"). Throws HEADER_MALFORMED. */
export function parseHeader(bytes: Uint8Array): Header {
  // Latin-1 keeps one character for one byte; whatever is not printable ASCII is refused further down.
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1").split("\n");
  if (lines.pop() !== "") throw headerMalformed("it does not end with a line feed");
  // v1-line = %s"age-encryption.org/v1" LF
  if (lines[0] !== versionLine) throw headerMalformed("it is not an age version 1 file");
  // end = "--- " 43base64char LF
  const macLine = lines.pop() ?? "";
  const mac = decodeBase64(macLine.slice("--- ".length));
  if (!macLine.startsWith("--- ") || mac?.length !== macSizeBytes) throw headerMalformed("its last line is wrong");
  // header = v1-line 1*stanza end
  const stanzas: Stanza[] = [];
  let next = 1;
  do {
    const { stanza, end } = parseStanza(lines, next);
    stanzas.push(stanza);
    next = end;
  } while (next < lines.length);
  return { stanzas, bytes };
}

/** The header of a new file, with its MAC under the 16-byte file key. */
export function encodeHeader(stanzas: readonly Stanza[], fileKey: SecretBytes): Header {
  const covered = utf8(`${versionLine}\n${stanzas.map(encodeStanza).join("")}---`);
  return { stanzas, bytes: concat(covered, utf8(` ${encodeBase64(headerMac(covered, fileKey))}\n`)) };
}

/** Throws HEADER_ALTERED unless the header's MAC is right under the file key. */
export function checkHeaderMac(header: Header, fileKey: SecretBytes): void {
  const macStart = header.bytes.length - macLineTailSize;
  const computed = utf8(` ${encodeBase64(headerMac(header.bytes.subarray(0, macStart), fileKey))}\n`);
  if (!equalInConstantTime(computed, header.bytes.subarray(macStart))) throw headerAltered();
}

/** age.md "Header MAC": HMAC-SHA-256 over everything up to and including "---", which the space is not part of. */
function headerMac(covered: Uint8Array, fileKey: SecretBytes): Uint8Array {
  const key = hkdfSha256(fileKey, new Uint8Array(0), "header", 32);
  try {
    return hmacSha256(key, covered);
  } finally {
    key.wipe();
  }
}
