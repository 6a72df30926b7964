/** What is done to valid documents before a parser gets them; the same seed gives the same documents. */
import { Buffer } from "node:buffer";

/** Mulberry32: small, fast, and the same everywhere. `below(n)` is a whole number from 0 to n - 1. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return function below(limit) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const tricks = [
  ...[
    "\u202e",
    "\u0000",
    "\ufeff",
    "\u200d",
    "e\u0301",
    "\ud83d\ude00",
    "\u2028",
    "\r",
    "\n",
    " ",
    "\t",
    "=",
    "/",
    "-",
  ],
  ...["99999999999999999999", "-0", "1e308", "9007199254740993", "0x10", "00", "null", "[[[[", "]", '{"a":', '"', "\\"],
  ...[
    "\\u0041",
    "..",
    "con",
    "--- ",
    "-> ",
    "-> scrypt ",
    "A".repeat(64),
    "77777777777",
    "__proto__",
    "[".repeat(20_000),
  ],
].map((text) => Buffer.from(text));
const rawTricks = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x80, 0, 0, 0]].map((bytes) => Buffer.from(bytes));
const inserted = [...tricks, ...rawTricks];

const mutations = [
  function flipBit(bytes, below) {
    if (bytes.length === 0) return bytes;
    const copy = Buffer.from(bytes);
    copy[below(copy.length)] ^= 1 << below(8);
    return copy;
  },
  (bytes, below) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes, below) => bytes.subarray(below(bytes.length + 1)),
  function drop(bytes, below) {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(16))]);
  },
  function repeat(bytes, below) {
    const [from, to] = [below(bytes.length + 1), below(bytes.length + 1)].sort((a, b) => a - b);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function insert(bytes, below) {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), inserted[below(inserted.length)], bytes.subarray(at)]);
  },
  (bytes, below, other) =>
    Buffer.concat([bytes.subarray(0, below(bytes.length + 1)), other.subarray(below(other.length + 1))]),
  function otherNumber(bytes, below) {
    const numbers = [...bytes.toString("latin1").matchAll(/\d+/g)];
    const { index, 0: digits } = numbers[below(numbers.length)] ?? { index: 0, 0: "" };
    const by = ["0", "-1", "1e9", "99999999999999999999", "9007199254740991"][below(5)];
    return Buffer.concat([bytes.subarray(0, index), Buffer.from(by), bytes.subarray(index + digits.length)]);
  },
  function repeatLine(bytes, below) {
    const lines = bytes.toString("latin1").split("\n");
    lines.splice(below(lines.length), 0, lines[below(lines.length)]);
    return Buffer.from(lines.join("\n"), "latin1");
  },
];

/** One of `seeds`, changed in one to three ways; now and then as it is. */
export function mutated(seeds, below) {
  let bytes = seeds[below(seeds.length)];
  for (let left = below(32) === 0 ? 0 : 1 + below(3); left > 0; left--) {
    bytes = mutations[below(mutations.length)](bytes, below, seeds[below(seeds.length)]);
  }
  return bytes;
}
