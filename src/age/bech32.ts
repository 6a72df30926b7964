/**
 * Bech32 (BIP-173) without its limit of 90 characters, as age.md wants it. It works on bytes from end to end, so that
 * a private key never becomes a string, and wipes what it held on the way.
 */
import { concat, equal, utf8 } from "../bytes.js";

const alphabet = utf8("qpzry9x8gf2tvdw0s3jn54khce6mua7l");
const separator = 0x31; // "1"
const checksumSize = 6;
const upperToLower = 0x20;

/** The characters of `data` under the human-readable part `hrp`; all upper case when `hrp` is. */
export function encodeBech32(hrp: string, data: Uint8Array): Uint8Array {
  const groups = toGroups(data);
  const checked = concat(groups, checksum(hrp, groups));
  const characters = checked.map((group) => at(alphabet, group));
  const encoded = concat(utf8(hrp), Uint8Array.of(separator), characters);
  for (const held of [groups, checked, characters]) held.fill(0);
  return hrp === hrp.toLowerCase() ? encoded : upperCase(encoded);
}

/** What `encodeBech32` was given, or undefined unless `encoded` is well-formed and starts with exactly this `hrp`. */
export function decodeBech32(hrp: string, encoded: Uint8Array): Uint8Array | undefined {
  const split = encoded.lastIndexOf(separator);
  if (split < 1 || split + checksumSize >= encoded.length || isMixedCase(encoded)) return undefined;
  if (!equal(encoded.subarray(0, split), utf8(hrp))) return undefined;
  const groups = encoded.subarray(split + 1).map((character) => alphabet.indexOf(lower(character)) & 0xff);
  try {
    if (groups.includes(0xff) || polymod(concat(expand(hrp), groups)) !== 1) return undefined;
    return fromGroups(groups.subarray(0, groups.length - checksumSize));
  } finally {
    groups.fill(0);
  }
}

function lower(character: number): number {
  return character >= 0x41 && character <= 0x5a ? character | upperToLower : character;
}

/** "Decoders MUST NOT accept strings where some characters are uppercase and some are lowercase." */
function isMixedCase(encoded: Uint8Array): boolean {
  const hasUpper = encoded.some((character) => character >= 0x41 && character <= 0x5a);
  return hasUpper && encoded.some((character) => character >= 0x61 && character <= 0x7a);
}

function upperCase(encoded: Uint8Array): Uint8Array {
  for (const [index, character] of encoded.entries()) {
    if (character >= 0x61 && character <= 0x7a) encoded[index] = character & ~upperToLower;
  }
  return encoded;
}

/** BIP-173 "Checksum": the top three bits of every character, a zero, the low five bits; always of the lower case. */
function expand(hrp: string): Uint8Array {
  const characters = utf8(hrp.toLowerCase());
  return concat(
    characters.map((character) => character >> 5),
    Uint8Array.of(0),
    characters.map((character) => character & 31),
  );
}

function checksum(hrp: string, groups: Uint8Array): Uint8Array {
  const sum = polymod(concat(expand(hrp), groups, new Uint8Array(checksumSize))) ^ 1;
  return Uint8Array.from({ length: checksumSize }, (_, index) => (sum >>> (5 * (checksumSize - 1 - index))) & 31);
}

/** The BCH code of BIP-173; overwrites `values`, which may hold a secret. */
function polymod(values: Uint8Array): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, bit) => (sum ^= ((top >>> bit) & 1) * term));
  }
  values.fill(0);
  return sum >>> 0;
}

function toGroups(data: Uint8Array): Uint8Array {
  const groups = new Uint8Array(Math.ceil((data.length * 8) / 5));
  for (let index = 0; index < groups.length; index++) {
    const bit = index * 5;
    const pair = (at(data, bit >> 3) << 8) | (data[(bit >> 3) + 1] ?? 0);
    groups[index] = (pair >>> (11 - (bit & 7))) & 31;
  }
  return groups;
}

/** Undefined when more than four bits are left over, or any of them is set (BIP-173 "Segwit address format"). */
function fromGroups(groups: Uint8Array): Uint8Array | undefined {
  const data = new Uint8Array((groups.length * 5) >> 3);
  const spareBits = groups.length * 5 - data.length * 8;
  if (spareBits > 4 || (at(groups, groups.length - 1) & ((1 << spareBits) - 1)) !== 0) return undefined;
  let pending = 0;
  let bits = 0;
  let filled = 0;
  for (const group of groups) {
    pending = ((pending << 5) | group) & 0xfff;
    bits += 5;
    if (bits >= 8) data[filled++] = pending >>> (bits -= 8);
  }
  return data;
}

/** Callers stay inside the array; zero stands for "no groups at all", whose spare bits are none. */
function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
