import { entropyToMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { toHex } from "../bytes.js";
import { sha256 } from "../crypto/digest.js";
import { encodeCard, type Card } from "./card.js";

const wordsEntropyBytes = 16;

/** SHA-256 over all that a card says, in the forms in which people compare it. */
export interface Fingerprint {
  /** 64 lower-case hex digits. */
  readonly hex: string;
  /** The same, as 16 groups of 4. */
  readonly grouped: string;
  /** 12 words of the BIP-39 English list: the first 128 bits and a 4-bit checksum; to be read over the telephone. */
  readonly words: string;
}

/** Of the card's exact canonical bytes. Throws CARD_UNUSABLE for what is no card. */
export function fingerprintOf(card: Card): Fingerprint {
  const hash = sha256(encodeCard(card).bytes);
  const hex = toHex(hash);
  return {
    hex,
    grouped: groupHex(hex),
    words: entropyToMnemonic(hash.subarray(0, wordsEntropyBytes), wordlist),
  };
}

/** Hex digits in groups of four, as they are compared by eye. */
export function groupHex(hex: string): string {
  return hex.replace(/.{4}(?=.)/g, "$& ");
}

/**
 * Whether somebody typed this fingerprint, all of it, in hex or in words. Capital letters, spaces and dashes, and
 * colons between hex digits, do not matter.
 */
export function matchesFingerprint(fingerprint: Fingerprint, typed: string): boolean {
  return hexOf(typed) === fingerprint.hex || wordsOf(typed) === fingerprint.words;
}

/**
 * What is wrong with what was typed, when that cannot be any card's fingerprint: a slip, and not a sign of a wrong card.
 * Repeats the words typed: it is for the person who typed them.
 */
export function slipIn(typed: string): string | undefined {
  const digits = hexOf(typed);
  if (/^[0-9a-f]{64}$/.test(digits) || isTwelveWords(wordsOf(typed))) return undefined;
  if (/^[0-9a-f]+$/.test(digits) && /\d/.test(digits)) {
    return `these are ${digits.length} letters and digits, and a fingerprint has 64`;
  }
  const words = wordsOf(typed).split(" ").filter(Boolean);
  const foreign = words.findIndex((word) => !wordlist.includes(word));
  const came = words.length === 12 ? "" : `${words.length} of the twelve words came`;
  if (foreign !== -1) {
    const complaint = `word ${foreign + 1}, ${words[foreign] ?? ""}, is not in the list${meant(words[foreign])}`;
    return came === "" ? complaint : `${came}; ${complaint}`;
  }
  if (came !== "") return `${came}: type all of them on one line`;
  return "these words do not belong together: one was misheard, or two have changed places";
}

/** The first four letters of a word of the list are no other word's. */
function meant(word = ""): string {
  const near = word.length < 4 ? undefined : wordlist.find((each) => each.startsWith(word.slice(0, 4)));
  return near === undefined ? "" : `: did they say ${near}?`;
}

/** The list's own checksum notices fifteen of sixteen misheard words. */
function isTwelveWords(words: string): boolean {
  return words.split(" ").length === 12 && validateMnemonic(words, wordlist);
}

function hexOf(typed: string): string {
  return typed.toLowerCase().replace(/[\s:\p{Pd}]/gu, "");
}

function wordsOf(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/[\s\p{Pd}.,;]+/gu, " ")
    .trim();
}
