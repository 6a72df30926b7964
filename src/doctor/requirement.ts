import { toHex, utf8 } from "../bytes.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError, type ErrorCode } from "../errors.js";
import { publishedAgeFiles } from "./published-age-files.js";
import { publishedAnswers } from "./published-answers.js";
import { testedFunctions, type TestedFunctions } from "./tested-functions.js";

export type PublishedVectors = typeof publishedAnswers & { readonly age: typeof publishedAgeFiles };

/** What a requirement is tested with; other vectors or functions are for the tests of the tests. */
export interface Bench {
  readonly vectors: PublishedVectors;
  readonly functions: TestedFunctions;
}

export const usualBench: Bench = {
  vectors: { ...publishedAnswers, age: publishedAgeFiles },
  functions: testedFunctions,
};

/** Something that must hold on this machine. */
export interface Requirement {
  readonly says: string;
  /** The document and its section that demand it. */
  readonly source: string;
  readonly testedWith: string;
  /** Throwing is as good as false. */
  readonly holds: (bench: Bench) => boolean | Promise<boolean>;
}

/** Bytes of hex digits. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

/** A published key: no secret, but the functions that are tested take it as one. */
export function published(digits: string): SecretBytes {
  return SecretBytes.take(hex(digits));
}

export function publishedText(text: string): SecretBytes {
  return SecretBytes.take(utf8(text));
}

export function isHex(bytes: Uint8Array | SecretBytes | undefined, digits: string): boolean {
  if (bytes === undefined) return false;
  return toHex(bytes instanceof SecretBytes ? bytes.expose() : bytes) === digits;
}

/** The same bytes with one bit turned over. */
export function altered(bytes: Uint8Array, at = bytes.length - 1): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Whether `attempt` is refused, and for this reason: to refuse a right thing for a wrong reason is a fault as well. */
export async function isRefused(code: ErrorCode, attempt: () => unknown): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch (error) {
    return error instanceof EvsealError && error.code === code;
  }
}
