import { constants, type Dirent } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import { isDiscName, isPackageFileName, leftoverOf, sealOfFileName, sealOfLabelName } from "../package/names.js";
import { keySearchSizeBytes, privateKeyIn } from "../package/private-key.js";
import { isSealNumber } from "../package/seal-number.js";
import { output, outputError } from "./durable.js";
import { identityOf, type Identity } from "./place.js";

/**
 * Refuses an output folder that holds anything but packages and their unfinished remains, judged by their names, and a
 * private key or the passphrase's own file under such a name. Throws OUTPUT_NOT_ONLY_PACKAGES, PRIVATE_KEY_IN_OUTPUT,
 * PASSPHRASE_IN_OUTPUT, OUTPUT_FAILED.
 */
export async function requireOnlyPackages(outDir: string, passphraseFile?: Identity): Promise<void> {
  for (let looks = 1; ; looks++) {
    try {
      await lookThrough(outDir, passphraseFile);
      return;
    } catch (cause) {
      // Another packer gives its work the final name just now, or takes it back: then what stands here is another.
      if (!isGone(cause) || looks === looksCap) throw cause;
    }
  }
}

const looksCap = 100;

/** Whether a failure means that a file or folder is not there any more. */
export function isGone(failure: unknown): boolean {
  const cause = failure instanceof EvsealError ? failure.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

async function lookThrough(outDir: string, passphraseFile: Identity | undefined): Promise<void> {
  for (const entry of await output(readdir(outDir, { withFileTypes: true }))) {
    const leftover = leftoverOf(entry.name);
    const seal = isSealNumber(entry.name) || leftover?.kind !== "sealed" ? entry.name : leftover.seal;
    const folder = join(outDir, entry.name);
    const files = isSealNumber(seal) && entry.isDirectory() ? await packageFilesIn(folder, seal) : undefined;
    if (files === undefined) throw notOnlyPackages(entry.name);
    for (const name of files) await refuseSecret(join(folder, name), entry.name, passphraseFile);
  }
}

/** Throws OUTPUT_FAILED where there is no such folder: to be asked before a person types a passphrase for nothing. */
export async function requireOutFolder(outDir: string): Promise<void> {
  const found = await stat(outDir).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw outputError(cause);
  });
  if (found?.isDirectory() === true) return;
  throw new EvsealError("OUTPUT_FAILED", "there is no such folder for the output", {
    subject: outDir,
    hint: "make it first, with mkdir, or name another",
  });
}

/** Refuses to open into a folder that holds a package, or is one. Throws OUTPUT_HOLDS_PACKAGES, OUTPUT_FAILED. */
export async function refusePackagesIn(outDir: string): Promise<void> {
  const names = await output(readdir(outDir));
  const isOfPackage = (name: string): boolean => {
    return isSealNumber(name) || sealOfLabelName(name) !== undefined || leftoverOf(name)?.kind === "sealed";
  };
  if (!names.some(isOfPackage) && !(await holdsDisc(outDir, names))) return;
  throw new EvsealError(
    "OUTPUT_HOLDS_PACKAGES",
    "the output folder holds sealed packages, or what is being made of one",
    {
      hint: "make a new folder for what is opened: this one may be burned as it is",
    },
  );
}

/** Whether a folder is that of a package which is on several discs. */
async function holdsDisc(folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names.filter(isDiscName)) {
    const files = await readdir(join(folder, name)).catch(() => []); // anybody may have a folder or a file of this name
    if (files.some((file) => sealOfFileName(file) !== undefined)) return true;
  }
  return false;
}

/**
 * The paths, from there, of the files in a folder that holds nothing but files by the names of a package's, or nothing
 * but folders of discs with such files; undefined for any other.
 */
export async function packageFilesIn(folder: string, seal: string): Promise<readonly string[] | undefined> {
  const entries = await output(readdir(folder, { withFileTypes: true }));
  const isDisc = (entry: Dirent): boolean => entry.isDirectory() && isDiscName(entry.name);
  if (entries.length === 0 || !entries.every(isDisc)) return namesOfFiles(entries, seal);
  const found: string[] = [];
  for (const { name: disc } of entries) {
    const files = namesOfFiles(await output(readdir(join(folder, disc), { withFileTypes: true })), seal);
    if (files === undefined) return undefined;
    found.push(...files.map((name) => join(disc, name)));
  }
  return found;
}

function namesOfFiles(entries: readonly Dirent[], seal: string): readonly string[] | undefined {
  return entries.every((entry) => entry.isFile() && isPackageFileName(seal, entry.name))
    ? entries.map(({ name }) => name)
    : undefined;
}

async function refuseSecret(path: string, folder: string, passphraseFile: Identity | undefined): Promise<void> {
  const handle = await output(open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  try {
    const found = await output(handle.stat({ bigint: true }));
    if (identityOf(found) === passphraseFile) throw secretIn("PASSPHRASE_IN_OUTPUT", "the passphrase is", folder);
    const block = Buffer.alloc(keySearchSizeBytes);
    for (const start of new Set([0, Math.max(0, Number(found.size) - block.length)])) {
      const { bytesRead } = await output(handle.read(block, 0, block.length, start));
      const kind = privateKeyIn(block.subarray(0, bytesRead));
      if (kind !== undefined) throw secretIn("PRIVATE_KEY_IN_OUTPUT", `${kind} is`, folder);
    }
  } finally {
    await output(handle.close());
  }
}

function secretIn(code: "PRIVATE_KEY_IN_OUTPUT" | "PASSPHRASE_IN_OUTPUT", what: string, subject: string): EvsealError {
  const hint = "take it out: the folder may be burned as it is";
  return new EvsealError(code, `${what} in the output folder, under the name of a package's file`, { subject, hint });
}

function notOnlyPackages(subject: string): EvsealError {
  return new EvsealError("OUTPUT_NOT_ONLY_PACKAGES", "the output folder holds something that is not a package", {
    subject,
    hint: "choose an empty folder, or one that holds nothing but packages: it may be burned as it is",
  });
}
