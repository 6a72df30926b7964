import type { z } from "zod";
import { equal, fromUtf8, utf8 } from "../bytes.js";

/** A document that is not the one canonical encoding of its schema. Carries no content; callers map it to their code. */
export class MalformedJson extends Error {}

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one encoding of every document evseal makes: a member of the document a line, and in an array of objects an
 * object a line, so that a person can read it and `sed` can take it apart. Members stand in the order of the schema.
 */
export function encodeCanonical(document: Readonly<Record<string, unknown>>): Uint8Array {
  const members = Object.entries(document as Record<string, Json>)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${encodeMember(value)}`);
  return utf8(`{\n${members.join(",\n")}\n}\n`);
}

function encodeMember(value: Json): string {
  const holdsObjects = Array.isArray(value) && value.some((element) => typeof element === "object");
  if (!holdsObjects) return JSON.stringify(value);
  return `[\n${value.map((element) => `    ${JSON.stringify(element)}`).join(",\n")}\n  ]`;
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
    document = schema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    // The parser's message quotes the document, which may hold names of evidence.
    throw new MalformedJson("not a document of this format");
  }
  if (!equal(encodeCanonical(document), bytes)) throw new MalformedJson("not in its canonical encoding");
  return document;
}
