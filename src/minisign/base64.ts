import { utf8 } from "../bytes.js";

const alphabet = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const valueOf = new Map(Array.from(alphabet, (symbol, value) => [symbol, value]));
const padding = 0x3d; // "="

/** RFC 4648 section 4 from bytes to bytes, padded: a secret key must not become a string on its way. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(padding);
  for (let at = 0, out = 0; at < bytes.length; at += 3, out += 4) {
    const group = bytes.subarray(at, at + 3);
    const bits = ((group[0] ?? 0) << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    for (let symbol = 0; symbol <= group.length; symbol++) {
      text[out + symbol] = alphabet[(bits >> (18 - 6 * symbol)) & 63] ?? padding;
    }
  }
  return text;
}

/** The bytes, or undefined unless `text` is the one encoding of them: padding whole, unused bits zero, no white space. */
export function decodeBase64(text: Uint8Array): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const paddingSize = text.at(-1) !== padding ? 0 : text.at(-2) !== padding ? 1 : 2;
  const symbols = text.subarray(0, text.length - paddingSize);
  const bytes = new Uint8Array(Math.floor((symbols.length * 3) / 4));
  if (decodeInto(bytes, symbols)) return bytes;
  bytes.fill(0); // half of it may be a key
  return undefined;
}

function decodeInto(bytes: Uint8Array, symbols: Uint8Array): boolean {
  let bits = 0;
  let bitCount = 0; // how many of the lowest bits of `bits` are still to be written
  let out = 0;
  for (const symbol of symbols) {
    const value = valueOf.get(symbol);
    if (value === undefined) return false;
    bits = ((bits << 6) | value) & 0xfff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[out++] = bits >> bitCount;
  }
  return (bits & ((1 << bitCount) - 1)) === 0;
}
