import { EvsealError } from "../errors.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { equalInConstantTime } from "../crypto/digest.js";
import { readInputDescriptor } from "./input-descriptor.js";
import { readInputFile, type InputLimits } from "./input-file.js";
import { promptPassphrase } from "./passphrase-prompt.js";
import { missingPassphrase, passphraseCapBytes, unusablePassphrase } from "./passphrase-rules.js";
import type { Session } from "./session.js";

/** The options of every command that needs a key. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
  readonly passphraseFd?: string;
}

/** Gives the passphrase as often as it is asked for, each time as a copy of its own. */
export type AskPassphrase = () => Promise<SecretBytes>;

/**
 * Runs `work`, which may ask for the passphrase of an existing key: it is read or typed at the first asking only, and
 * every copy is wiped when the work has ended. `keyName` is what a person is asked about. Throws USAGE at once for
 * options that make no sense.
 */
export async function withPassphrase<T>(
  session: Session,
  options: PassphraseOptions,
  keyName: string,
  work: (ask: AskPassphrase) => Promise<T>,
): Promise<T> {
  const obtain = named(session, options) ?? (() => typedOnce(session, `passphrase of ${keyName}`));
  return await withObtained(obtain, work);
}

/** The same for keys about to be made: a person types the passphrase twice. */
export async function withNewPassphrase<T>(
  session: Session,
  options: PassphraseOptions,
  work: (ask: AskPassphrase) => Promise<T>,
): Promise<T> {
  return await withObtained(named(session, options) ?? (() => typedTwice(session)), work);
}

async function withObtained<T>(
  obtain: () => Promise<SecretBytes>,
  work: (ask: AskPassphrase) => Promise<T>,
): Promise<T> {
  let obtained: Promise<SecretBytes> | undefined;
  const secrets: SecretBytes[] = [];
  try {
    return await work(async () => {
      obtained ??= obtain();
      const secret = await obtained;
      const copy = SecretBytes.take(secret.expose().slice());
      secrets.push(secret, copy);
      return copy;
    });
  } finally {
    for (const secret of secrets) secret.wipe();
  }
}

/** How to get what a script named, or undefined. Throws USAGE; the reading throws PASSPHRASE_MISSING or _UNUSABLE. */
function named(
  { signal }: Session,
  { passphraseFile, passphraseFd }: PassphraseOptions,
): (() => Promise<SecretBytes>) | undefined {
  const limits = (place: string): InputLimits => ({
    capBytes: passphraseCapBytes,
    signal,
    refuse: (problem, cause) => {
      const hint = problem === "cannot be read" ? "check that it is there and that you may read it" : undefined;
      return unusablePassphrase(`${place} ${problem}`, cause, hint);
    },
  });
  if (passphraseFile !== undefined) {
    return async () => passphraseOf(await readInputFile(passphraseFile, limits("file")));
  }
  if (passphraseFd === undefined) return undefined;
  const descriptor = /^\d{1,4}$/.test(passphraseFd) ? Number(passphraseFd) : undefined;
  if (descriptor === undefined || descriptor === 1 || descriptor === 2) {
    throw new EvsealError("USAGE", "--passphrase-fd wants the number of a descriptor open for reading", {
      hint: "for example: --passphrase-fd 3 3< FILE",
    });
  }
  return async () => passphraseOf(await readInputDescriptor(descriptor, limits("descriptor")));
}

/** One line ending is dropped, as editors and `echo` add one. Other programs could not be given a second line. */
function passphraseOf(content: Uint8Array): SecretBytes {
  const lineFeed = 0x0a;
  const carriageReturn = 0x0d;
  let end = content.length;
  if (content[end - 1] === lineFeed) end -= content[end - 2] === carriageReturn ? 2 : 1;
  const line = content.slice(0, end);
  content.fill(0);
  if (line.length === 0) throw missingPassphrase();
  const secret = SecretBytes.take(line);
  if (!line.some((byte) => byte === lineFeed || byte === carriageReturn || byte === 0)) return secret;
  secret.wipe();
  throw unusablePassphrase("has more than one line");
}

function typedOnce(session: Session, question: string): Promise<SecretBytes> {
  if (!session.canAsk) return Promise.reject(missingPassphrase());
  return promptPassphrase(question, { input: process.stdin, ui: session.ui, signal: session.signal });
}

async function typedTwice(session: Session): Promise<SecretBytes> {
  for (const isLastTry of [false, true]) {
    const first = await typedOnce(session, "new passphrase (nothing is shown while you type)");
    let second: SecretBytes | undefined;
    try {
      second = await typedOnce(session, "the same again");
      if (equalInConstantTime(first.expose(), second.expose())) return SecretBytes.take(first.expose().slice());
    } finally {
      first.wipe();
      second?.wipe();
    }
    if (!isLastTry) session.ui.warn("the two were not the same: once more");
  }
  throw unusablePassphrase("was not typed the same twice", undefined, "start again, and type it slowly");
}
