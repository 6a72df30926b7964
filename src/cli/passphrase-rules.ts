import type { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";

/** More than any person or password manager gives; a larger file is not a passphrase. */
export const passphraseCapBytes = 4096;

const ways = "give --passphrase-file FILE or --passphrase-fd N, or run it where evseal can ask";

export function missingPassphrase(): EvsealError {
  return new EvsealError("PASSPHRASE_MISSING", "no passphrase was given", { hint: ways });
}

/** `complaint` ends the sentence "the passphrase …". */
export function unusablePassphrase(
  complaint: string,
  cause?: unknown,
  hint = "give one line of text and nothing else; without the option evseal asks on the terminal",
): EvsealError {
  return new EvsealError("PASSPHRASE_UNUSABLE", `the passphrase ${complaint}`, { hint, cause });
}

/**
 * NIST SP 800-63B, 3.1.1.2: at least 8 characters where a password is not the only factor, and the key file is the
 * other one. Less would be honest to nobody, as a copied key file can be tried without limit; more than the floor is
 * what the hint asks for, because refusing what a standard allows makes people write it on the disc.
 */
const leastCharacters = 8;

/** Counts characters, not bytes: continuation bytes of UTF-8 are 10xxxxxx. */
export function isShort(passphrase: SecretBytes): boolean {
  const starts = passphrase.expose().reduce((count, byte) => count + ((byte & 0xc0) === 0x80 ? 0 : 1), 0);
  return starts < leastCharacters;
}

export function shortPassphrase(): EvsealError {
  return new EvsealError("PASSPHRASE_SHORT", `the new passphrase has less than ${leastCharacters} characters`, {
    hint: "take five or more words that have nothing to do with each other, used nowhere else",
  });
}
