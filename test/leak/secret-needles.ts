import { readFileSync } from "node:fs";
import path from "node:path";
import type { Needles } from "./held.js";

/** The forms in which a JavaScript engine and C programs hold a text. */
export function asText(name: string, text: string): Needles {
  return { [`${name}, UTF-8`]: Buffer.from(text), [`${name}, UTF-16`]: Buffer.from(text, "utf16le") };
}

/** The two halves: an allocator writes over the beginning of what it was given back. */
export function halves(name: string, bytes: Uint8Array): Needles {
  const middle = bytes.length / 2;
  return { [`${name}, first half`]: bytes.subarray(0, middle), [`${name}, second half`]: bytes.subarray(middle) };
}

/** What stands in the clear in the private key files of a unit without a passphrase: as text, and as bytes. */
export function secretsOf(home: string): Needles {
  const identity = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{58}/.exec(
    readFileSync(path.join(home, "receiving.age"), "utf8"),
  )?.[0];
  const line = readFileSync(path.join(home, "signing.key"), "utf8").split("\n")[1];
  if (identity === undefined || line?.length !== 212) throw new Error(`no keys in the clear in ${home}`);
  const encoded = identity.slice(identity.lastIndexOf("1", 20) + 1, -8);
  const seed = Buffer.from(line, "base64").subarray(62, 94); // minisign(1), "Secret key format"
  return {
    ...asText("identity", encoded),
    ...asText("identity in small letters", encoded.toLowerCase()),
    ...asText("signing key", line.slice(84, 124)),
    ...asText("signing seed in hex", seed.toString("hex")),
    ...halves("age scalar", fromBech32(identity.slice(-58))),
    ...halves("signing seed", seed),
  };
}

/** The bytes of a Bech32 text's data part (BIP 173), whose last six letters are its checksum. */
function fromBech32(text: string): Buffer {
  const letters = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  const bits = Array.from(text.slice(0, -6), (letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
