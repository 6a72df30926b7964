import { Readable } from "node:stream";
import { Plaintext } from "../age/seal.js";

/** The manifest's archive, on its way to being sealed: it names every file of evidence. */
export function manifestPlaintext(archive: readonly Uint8Array[]): Plaintext {
  return Plaintext.of(Readable.from(archive));
}
