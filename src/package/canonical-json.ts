import type * as z from "zod";
import { equal, fromUtf8 } from "../bytes.js";
import { fault } from "../errors.js";
import { limits } from "./limits.js";

/** A document that is not the one canonical encoding of its schema. Carries no content; callers map it to their code. */
export class MalformedJson extends Error {}

/**
 * The one encoding of every document evseal makes: a member of the document a line, and in an array of objects an
 * object a line, so that a person can read it and `sed` can take it apart. Members stand in the order of the schema. An
 * array of objects may be any iterable that gives the same ones each time: it is walked twice.
 */
export function encodeCanonical(document: Readonly<Record<string, unknown>>): Uint8Array {
  const bytes = new Uint8Array(canonicalSizeBytes(document));
  const room = Buffer.from(bytes.buffer);
  let at = 0;
  for (const line of linesOf(document)) {
    room.write(line, at);
    at += Buffer.byteLength(line);
  }
  if (at !== bytes.length) throw fault("a document was another one when it was walked again");
  return bytes;
}

/** The length of what `encodeCanonical` gives. */
export function canonicalSizeBytes(document: Readonly<Record<string, unknown>>): number {
  let sizeBytes = 0;
  for (const line of linesOf(document)) sizeBytes += Buffer.byteLength(line);
  return sizeBytes;
}

/** Line by line: all of them at once would be several times as large as a manifest of a hundred thousand files. */
function* linesOf(document: Readonly<Record<string, unknown>>): Generator<string, void> {
  const members = Object.entries(document).filter(([, value]) => value !== undefined);
  yield "{\n";
  for (const [index, [key, value]] of members.entries()) {
    yield `  ${JSON.stringify(key)}: `;
    yield* linesOfMember(value);
    yield index < members.length - 1 ? ",\n" : "\n";
  }
  yield "}\n";
}

function* linesOfMember(value: unknown): Generator<string, void> {
  if (!holdsObjects(value)) {
    yield JSON.stringify(value);
    return;
  }
  let before = "[";
  for (const element of value) {
    yield `${before}\n    ${JSON.stringify(element)}`;
    before = ",";
  }
  yield before === "[" ? "[]" : "\n  ]";
}

function holdsObjects(value: unknown): value is Iterable<object> {
  if (Array.isArray(value)) return value.some((element) => typeof element === "object");
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/**
 * Parses exact bytes and accepts them only if encoding the result gives the same bytes again: duplicate members, other
 * orders, other spellings of a number or a letter, byte order marks and trailing bytes are all refused by this one
 * rule. The caller has capped the size. Throws MalformedJson.
 */
export function decodeCanonical<T extends Readonly<Record<string, unknown>>>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
): T {
  let document: T;
  try {
    document = schema.parse(parse(bytes));
  } catch {
    // The parser's message quotes the document, which may hold names of evidence.
    throw new MalformedJson("not a document of this format");
  }
  if (!isEncodingOf(document, bytes)) throw new MalformedJson("not in its canonical encoding");
  return document;
}

/** Line by line, as it was encoded: the whole text would stand beside what is in it. Throws MalformedJson, SyntaxError. */
function parse(bytes: Uint8Array): unknown {
  const members = new Map<string, unknown>();
  let elements: unknown[] | undefined; // of the array that is not at its end
  for (const line of linesIn(bytes)) {
    if (elements !== undefined && line.startsWith("    ")) {
      if (elements.push(JSON.parse(line.replace(/,$/, ""))) > limits.files) throw new MalformedJson("too long");
    } else if (elements !== undefined && line.startsWith("  ]")) elements = undefined;
    else if (line !== "{" && line !== "}") {
      const [, key, value] = /^ {2}("[^"\\]*"): ([^]*?),?$/.exec(line) ?? [];
      if (elements !== undefined || key === undefined || value === undefined) throw new MalformedJson("another line");
      if (value === "[") elements = [];
      members.set(JSON.parse(key) as string, elements ?? JSON.parse(value));
    }
  }
  return Object.fromEntries(members);
}

function* linesIn(bytes: Uint8Array): Generator<string, void> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    yield fromUtf8(bytes.subarray(start, end));
    start = end + 1;
  }
}

function isEncodingOf(document: Readonly<Record<string, unknown>>, bytes: Uint8Array): boolean {
  let at = 0;
  for (const line of linesOf(document)) {
    const expected = Buffer.from(line);
    if (!equal(expected, bytes.subarray(at, at + expected.length))) return false;
    at += expected.length;
  }
  return at === bytes.length;
}
