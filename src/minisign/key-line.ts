import { utf8 } from "../bytes.js";

export const untrustedPrefix = "untrusted comment: ";

const prefix = utf8(untrustedPrefix);
const commentCapBytes = 1024; // minisign's COMMENTMAXBYTES
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The line of a minisign key file that holds the key: the second, below an untrusted comment, or the only one. A line
 * may end in CR LF, as minisign writes it on Windows, and the last one in nothing. Undefined when there is more or
 * less than that. A view, not a copy: what is wiped there is wiped here.
 */
export function keyLine(content: Uint8Array): Uint8Array | undefined {
  const hasComment = prefix.every((byte, index) => content[index] === byte);
  const commentSize = hasComment ? content.indexOf(lineFeed) + 1 : 0;
  if ((hasComment && commentSize === 0) || commentSize > commentCapBytes) return undefined;
  const rest = withoutLineEnd(content.subarray(commentSize));
  return rest.includes(lineFeed) || rest.includes(carriageReturn) ? undefined : rest;
}

function withoutLineEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== lineFeed) return line;
  return line.subarray(0, line.at(-2) === carriageReturn ? -2 : -1);
}
