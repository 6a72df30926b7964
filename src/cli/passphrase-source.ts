import { EvsealError } from "../errors.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { equalInConstantTime } from "../crypto/digest.js";
import { readInputDescriptor } from "./input-descriptor.js";
import { readInputFile, type InputLimits } from "./input-file.js";
import { promptPassphrase } from "./passphrase-prompt.js";
import {
  isShort,
  missingPassphrase,
  passphraseCapBytes,
  shortPassphrase,
  unusablePassphrase,
} from "./passphrase-rules.js";
import { endQuiet, startQuiet, whileAsking } from "./quiet-keyboard.js";
import type { Session } from "./session.js";

/** The options of every command that needs a key. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
  readonly passphraseFd?: string;
}

/** Gives the passphrase as often as it is asked for, each time as a copy of its own. */
export type AskPassphrase = () => Promise<SecretBytes>;

const tries = 3;

/**
 * What `load` makes of a key file, whose passphrase it may ask for: it is read or typed at the first asking only, and
 * every copy is wiped when the loading has ended. A person who types a wrong one is asked again, up to three times in
 * all, and the key is loaded anew each time; a script is not. `keyName` is what a person is asked about. Throws USAGE
 * at once for options that make no sense.
 */
export async function unlock<Key>(
  session: Session,
  options: PassphraseOptions,
  keyName: string,
  load: (ask: AskPassphrase) => Promise<Key>,
): Promise<Key> {
  const obtain = named(session, options);
  if (obtain !== undefined) return await withObtained(obtain, load);
  try {
    return await unlockTyped(session, keyName, load);
  } finally {
    endQuiet();
  }
}

async function unlockTyped<Key>(
  session: Session,
  keyName: string,
  load: (ask: AskPassphrase) => Promise<Key>,
): Promise<Key> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await withObtained(() => typedOnce(session, `passphrase of ${keyName}`), load);
    } catch (error) {
      if (left === 0 || !(error instanceof EvsealError && error.code === "PASSPHRASE_WRONG")) throw error;
      session.ui.warn(`the passphrase is wrong: ${left === 1 ? "one last try" : "once more"}`);
    }
  }
}

/** The same for keys about to be made: a person types the passphrase twice. */
export async function withNewPassphrase<T>(
  session: Session,
  options: PassphraseOptions,
  work: (ask: AskPassphrase) => Promise<T>,
): Promise<T> {
  const obtain = named(session, options);
  try {
    return await withObtained(obtain === undefined ? () => typedTwice(session) : () => longEnough(obtain), work);
  } finally {
    endQuiet();
  }
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
      const copy = SecretBytes.copyOf(secret.expose());
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
  const secret = SecretBytes.take(content.subarray(0, end));
  if (secret.sizeBytes === 0) throw missingPassphrase();
  if (!secret.expose().some((byte) => byte === lineFeed || byte === carriageReturn || byte === 0)) return secret;
  secret.wipe();
  throw unusablePassphrase("has more than one line");
}

function typedOnce(session: Session, question: string): Promise<SecretBytes> {
  if (!session.canAsk) return Promise.reject(missingPassphrase());
  startQuiet();
  return whileAsking(() =>
    promptPassphrase(question, { input: process.stdin, ui: session.ui, signal: session.signal }),
  );
}

async function longEnough(obtain: () => Promise<SecretBytes>): Promise<SecretBytes> {
  const secret = await obtain();
  if (!isShort(secret)) return secret;
  secret.wipe();
  throw shortPassphrase();
}

async function typedTwice(session: Session): Promise<SecretBytes> {
  let differed = false;
  for (let left = tries - 1; left >= 0; left -= 1) {
    const first = await typedOnce(session, "new passphrase (nothing is shown while you type)");
    let second: SecretBytes | undefined;
    try {
      if (isShort(first)) {
        if (left === 0) throw shortPassphrase();
        session.ui.warn(`${shortPassphrase().message}: ${shortPassphrase().hint}`);
        continue;
      }
      second = await typedOnce(session, "the same again");
      if (equalInConstantTime(first.expose(), second.expose())) return SecretBytes.copyOf(first.expose());
    } finally {
      first.wipe();
      second?.wipe();
    }
    // Twice not the same is no slip any more: the person does not know what they type.
    if (differed) break;
    differed = true;
    if (left > 0) session.ui.warn("the two were not the same: once more");
  }
  throw unusablePassphrase("was not typed the same twice", undefined, "start again, and type it slowly");
}
