import { Buffer } from "node:buffer";

/** What parsers have been known to trip over. */
const tricks = [
  ...'\0 \t \r\n \n\n " \\ { } [ ] , : = - . / + # < >'.split(" "),
  ...["null", "true", "1e999", "-0", "9007199254740993", "0x10", "NaN", '"__proto__":1,', '"format":"x",', "\\u0000"],
  ...[
    "\u202e",
    "\ufeff",
    "\u0301",
    "\ud83d\ude00",
    "\u2028",
    "\u00a0",
    "\u212a",
    "..",
    "../",
    "C:",
    "CON",
    "[".repeat(300),
  ],
  ...["untrusted comment: ", "trusted comment: ", "age-encryption.org/v1\n", "-> X25519 ", "---", "--- ", "=", "=="],
].map((text) => Buffer.from(text));
const bytes = [
  Buffer.of(0xff),
  Buffer.of(0xc0, 0x80),
  Buffer.of(0xed, 0xa0, 0x80),
  Buffer.of(0x80),
  Buffer.alloc(70, 0x41),
];

const mutations = [
  (random, input) => {
    const copy = Buffer.from(input);
    if (copy.length > 0) copy[random.below(copy.length)] ^= 1 << random.below(8);
    return copy;
  },
  (random, input) => {
    const copy = Buffer.from(input);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (random, input) => spliced(input, ...range(random, input), Buffer.alloc(0)),
  (random, input) => spliced(input, ...range(random, input), random.of(tricks)),
  (random, input) => inserted(random, input, random.of([...tricks, ...bytes])),
  (random, input) => inserted(random, input, input.subarray(...range(random, input))), // said twice
  (random, input) => input.subarray(0, random.below(input.length + 1)),
  (random, input) => input.subarray(random.below(input.length + 1)),
  (random, input, other) => Buffer.concat([input.subarray(0, cut(random, input)), other.subarray(cut(random, other))]),
  (random, input) => {
    // A number becomes another: 0, far too large, one more, or with a leading zero.
    const numbers = [...input.toString("latin1").matchAll(/\d+/g)];
    if (numbers.length === 0) return input;
    const { 0: digits, index } = random.of(numbers);
    const by = random.of([
      "0",
      "99999999999999999999",
      `${Number(digits) + 1}`,
      `0${digits}`,
      `-${digits}`,
      `${digits}.0`,
    ]);
    return spliced(input, index, index + digits.length, Buffer.from(by));
  },
  (random, input) => {
    // Two lines change places, or one stands twice.
    const lines = input.toString("latin1").split("\n");
    const [one, two] = [random.below(lines.length), random.below(lines.length)];
    if (random.below(2) === 0) [lines[one], lines[two]] = [lines[two], lines[one]];
    else lines.splice(one, 0, lines[two]);
    return Buffer.from(lines.join("\n"), "latin1");
  },
];

/** One of `samples` after none to four changes: now and then it stays valid, so that acceptance is tested, too. */
export function mutated(random, samples) {
  let input = random.of(samples);
  for (let left = random.below(64) === 0 ? 0 : 1 + random.below(4); left > 0; left--) {
    input = random.of(mutations)(random, input, random.of(samples));
    if (input.length > 1 << 16) input = input.subarray(0, 1 << 16);
  }
  return input;
}

function cut(random, input) {
  return random.below(input.length + 1);
}

/** Short ones more often than long ones. */
function range(random, input) {
  const start = cut(random, input);
  const longest = random.below(4) === 0 ? input.length : 8;
  return [start, Math.min(input.length, start + random.below(longest + 1))];
}

function spliced(input, start, end, by) {
  return Buffer.concat([input.subarray(0, start), by, input.subarray(end)]);
}

function inserted(random, input, part) {
  const at = cut(random, input);
  return spliced(input, at, at, part);
}
