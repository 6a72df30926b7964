import { concat } from "../bytes.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { headerMalformed } from "./refusals.js";

/** age.md "Recipient stanza": one wrapping of the file key. `type` is the first argument, `args` the rest. */
export interface Stanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

const columnsPerLine = 64;
const bytesPerLine = 48;

/** The stanza's lines, each ended by a line feed; the last is shorter than 64 columns, if need be empty. */
export function encodeStanza(stanza: Stanza): string {
  const lines = [["->", stanza.type, ...stanza.args].join(" ")];
  for (let offset = 0; offset <= stanza.body.length; offset += bytesPerLine) {
    lines.push(encodeBase64(stanza.body.subarray(offset, offset + bytesPerLine)));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Reads the stanza that starts at `lines[start]`; `end` is the index of the line after it. Throws HEADER_MALFORMED. */
export function parseStanza(lines: readonly string[], start: number): { stanza: Stanza; end: number } {
  // arg-line = "-> " argument *(SP argument) LF; argument = 1*VCHAR
  const [arrow, type, ...args] = (lines[start] ?? "").split(" ");
  if (arrow !== "->" || type === undefined) throw headerMalformed("a recipient entry was expected");
  if (![type, ...args].every((argument) => /^[\x21-\x7e]+$/.test(argument))) {
    throw headerMalformed("a recipient entry has an empty or unprintable argument");
  }
  // *full-line final-line: the first line shorter than 64 columns ends the body
  const parts: Uint8Array[] = [];
  for (let index = start + 1; ; index++) {
    const line = lines[index];
    if (line === undefined) throw headerMalformed("a recipient entry does not end");
    const part = line.length <= columnsPerLine ? decodeBase64(line) : undefined;
    if (part === undefined) throw headerMalformed("a recipient entry is not encoded as it must be");
    parts.push(part);
    if (line.length < columnsPerLine) return { stanza: { type, args, body: concat(...parts) }, end: index + 1 };
  }
}
