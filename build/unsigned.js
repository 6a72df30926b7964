// The runtime for Windows carries its maker's signature, which is wrong as soon as anything is added.
import { Buffer } from "node:buffer";

const peOffsetAt = 0x3c;
const optionalHeaderAt = 24; // behind the signature "PE\0\0" and the COFF header
const checksumAt = optionalHeaderAt + 64;
const certificateTableAt = optionalHeaderAt + 112 + 4 * 8; // the fifth data directory of PE32+

/** A 64-bit Windows executable without its certificate table (Microsoft's "PE Format"). Throws when it is none. */
export function unsigned(executable) {
  const pe = executable.readUInt32LE(peOffsetAt);
  const isPe32Plus = executable.readUInt16LE(pe + optionalHeaderAt) === 0x20b;
  if (executable.toString("latin1", pe, pe + 4) !== "PE\0\0" || !isPe32Plus) throw new Error("not a PE32+ executable");
  const at = executable.readUInt32LE(pe + certificateTableAt); // an offset in the file, unlike all other directories
  const sizeBytes = executable.readUInt32LE(pe + certificateTableAt + 4);
  if (at !== 0 && at + sizeBytes !== executable.length) throw new Error("the signature is not at the end");
  const rest = Buffer.from(at === 0 ? executable : executable.subarray(0, at));
  rest.fill(0, pe + checksumAt, pe + checksumAt + 4); // only drivers need one
  rest.fill(0, pe + certificateTableAt, pe + certificateTableAt + 8);
  return rest;
}
