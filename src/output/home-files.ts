/**
 * The only writer in the unit's own home and of copies of its card, and the only one of private keys. Every failure is one of OUTPUT_EXISTS,
 * OUTPUT_NO_SPACE and OUTPUT_FAILED, and leaves no part of a file behind.
 */
import { mkdir, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { KeyFile } from "../crypto/key-file.js";
import type { MinisignPublicKey } from "../minisign/public-key.js";
import type { PublicDocument } from "../package/public-document.js";
import { createExclusive, folderMode, output, syncFolder, writeAll } from "./durable.js";

/** Makes a folder for the user alone; one that is there already, or a link to one, is taken as it is. */
export async function makeHomeFolder(path: string): Promise<void> {
  await output(mkdir(path, { recursive: true, mode: folderMode }));
}

/** A new private key file, readable by the user alone. The caller wipes `file`. */
export async function writeKeyFile(path: string, file: KeyFile): Promise<void> {
  await createWhole(path, file.expose());
}

/** A new `.pub` file. */
export async function writePublicKeyFile(path: string, key: MinisignPublicKey): Promise<void> {
  await createWhole(path, key.encodeFile());
}

/** A new public document, in the home or where the user wants a copy of it. */
export async function createPublicFile(path: string, document: PublicDocument): Promise<void> {
  await createWhole(path, document.bytes);
}

/** Puts a document at `path` in one step: after a crash it is there whole, or what was there before; after a failure neither. */
export async function writePublicFile(path: string, document: PublicDocument): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}${partialSuffix}`);
  await output(removeName(partial)); // what an interrupted run may have left
  await createWhole(partial, document.bytes);
  await orRemove(partial, output(rename(partial, path)));
  await orRemove(path, syncFolderOf(path)); // a name that may not last must not look like success
}

const partialSuffix = ".partial";

/** Whether a file has a name that an interrupted `writePublicFile` left of a card; the next one removes it. */
export function isPartialFile(name: string): boolean {
  return /^\.([0-9a-f]{32}\.)?card\.json\.partial$/.test(name); // home.card, and contacts' files
}

/** Removes a file, or a link without following it. One that is not there is no failure. */
export async function removeFile(path: string): Promise<void> {
  await output(removeName(path));
  await syncFolderOf(path);
}

/** Removes what it could not finish, and nothing that was there before. */
async function createWhole(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await createExclusive(path);
  const write = async (): Promise<void> => {
    try {
      await writeAll(handle, bytes);
      await output(handle.sync());
    } finally {
      await output(handle.close());
    }
    await syncFolderOf(path);
  };
  await orRemove(path, write());
}

/** Why `work` failed matters more than why the removing did. */
async function orRemove(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    await removeName(path).catch(() => undefined);
    throw cause;
  }
}

/** By its name alone: rm(1) and its kind look first, and a disk that cannot answer them may still let go. */
async function removeName(path: string): Promise<void> {
  await unlink(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  });
}

/** The home itself may be a link that the user made, and a link cannot be synchronised. */
async function syncFolderOf(path: string): Promise<void> {
  await syncFolder(await output(realpath(dirname(path))));
}
