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

/** Whether what was typed cannot be any card's fingerprint: a slip, and not a sign of a wrong card. */
export function isMistyped(typed: string): boolean {
  return !/^[0-9a-f]{64}$/.test(hexOf(typed)) && !isTwelveWords(wordsOf(typed));
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
    .replace(/[\s\p{Pd}]+/gu, " ")
    .trim();
}
