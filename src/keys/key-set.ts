import { lstat } from "node:fs/promises";
import type { KeyFile } from "../crypto/key-file.js";
import { EvsealError } from "../errors.js";
import type { MinisignPublicKey } from "../minisign/public-key.js";
import { makeHomeFolder, removeFile, writeKeyFile, writePublicFile, writePublicKeyFile } from "../output/home-files.js";
import type { PublicDocument } from "../package/public-document.js";
import type { Home } from "./home.js";

/** The four files that make a unit. */
export interface KeySet {
  readonly receivingKey: KeyFile;
  readonly signingKey: KeyFile;
  readonly signingPublicKey: MinisignPublicKey;
  readonly card: PublicDocument;
}

/** Throws OUTPUT_EXISTS when any of the four files is there. */
export async function refuseExistingKeys(home: Home): Promise<void> {
  if (await isThere(home.card)) {
    throw new EvsealError("OUTPUT_EXISTS", "this unit has its keys already", {
      hint: "to begin anew, move the whole home folder away and keep it: only the old keys open what was sealed to them",
    });
  }
  for (const path of [home.receivingKey, home.signingKey, home.signingPublicKey]) {
    if (!(await isThere(path))) continue;
    throw new EvsealError("OUTPUT_EXISTS", "a part of a set of keys is there already", {
      hint: "making keys was interrupted, or card.json was lost: move the key files to a safe place, then make new keys",
      subject: path,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false, // what cannot be seen cannot be made either: the writing will say so
  );
}

/** Writes all four or, when one fails, none. Throws OUTPUT_EXISTS, OUTPUT_NO_SPACE, OUTPUT_FAILED. */
export async function writeKeySet(home: Home, keys: KeySet): Promise<void> {
  await makeHomeFolder(home.path);
  await allOrNone([
    // The first is never overwritten: of two that make keys at the same time, one stops here.
    { path: home.receivingKey, write: (path) => writeKeyFile(path, keys.receivingKey) },
    { path: home.signingKey, write: (path) => writeKeyFile(path, keys.signingKey) },
    { path: home.signingPublicKey, write: (path) => writePublicKeyFile(path, keys.signingPublicKey) },
    // The last appears whole or not at all, and completes the set: after a crash before it there is no unit.
    { path: home.card, write: (path) => writePublicFile(path, keys.card) },
  ]);
}

async function allOrNone(
  files: readonly { readonly path: string; readonly write: (path: string) => Promise<void> }[],
): Promise<void> {
  const written: string[] = [];
  try {
    for (const { path, write } of files) {
      await write(path);
      written.push(path);
    }
  } catch (cause) {
    // Only what was written here; why the writing failed matters more than why the removing did.
    for (const path of written) await removeFile(path).catch(() => undefined);
    throw cause;
  }
}
