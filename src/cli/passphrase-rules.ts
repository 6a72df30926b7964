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
