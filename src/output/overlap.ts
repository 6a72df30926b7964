/**
 * Refuses an output that would stand together with the clear, and sources that hold what must never travel. Folders are
 * compared by identity, never by name: `..`, links, bind mounts and another case of letters all lead to the same folder.
 * A network share that is mounted twice, or the layers of an overlay, have an identity for each way that leads to them:
 * these are not seen.
 */
import type { BigIntStats } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EvsealError, type ErrorCode } from "../errors.js";
import { isDiscName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import { output } from "./durable.js";
import { identityAt, identityOf, Place, type Identity } from "./place.js";

/** What must never travel, sealed or not. */
export interface KeptBack {
  /** The unit's own home, with its private keys; it need not be there. */
  readonly home?: string | undefined;
  /** The file that the passphrase came from. */
  readonly passphraseFile?: Identity | undefined;
}

/** Looks at a file or folder that was met among the sources; `path` names it in a refusal. */
export type Meet = (found: BigIntStats, path: string) => void;

/**
 * Refuses a folder for opened files that lies inside the package itself, of which `packagePath` may be the folder of one
 * disc. Throws OUTPUT_INSIDE_SOURCE, OUTPUT_FAILED.
 */
export async function refuseInsidePackage(outDir: string, packagePath: string): Promise<void> {
  const inside = (await identityAt(await wholePackage(packagePath))) ?? "";
  if (!(await output(Place.at(outDir))).isWithin(inside)) return;
  throw new EvsealError("OUTPUT_INSIDE_SOURCE", "the output folder lies inside the package", {
    hint: "choose a folder outside it: the package may be about to travel",
  });
}

/** Of the folder of a disc, the folder that all discs are in. */
async function wholePackage(path: string): Promise<string> {
  const found = await realpath(path).catch(() => path);
  const above = dirname(found);
  return isDiscName(basename(found)) && isSealNumber(basename(above)) ? above : found;
}

/**
 * Refuses an output folder inside a source or the other way round, and a home inside either. A bind mount of a folder
 * deep in a source shows only when that folder is met: whoever walks the sources calls what this resolves to for each
 * file and folder. Throws OUTPUT_INSIDE_SOURCE, SOURCE_INSIDE_OUTPUT, HOME_INSIDE_SOURCE, HOME_INSIDE_OUTPUT, and
 * OUTPUT_FAILED when there is no such folder; calling the result throws PASSPHRASE_IN_SOURCE too. A source that is not
 * there is left to the reader of sources.
 */
export async function refuseOverlap(outDir: string, sources: readonly string[], kept: KeptBack = {}): Promise<Meet> {
  const out = await output(Place.at(outDir));
  const home = kept.home === undefined ? undefined : await Place.at(kept.home).catch(() => undefined);
  if (home?.isWithin(out.identity)) throw refusal("HOME_INSIDE_OUTPUT");
  const inOut = [out.identity, ...(await foldersIn(outDir))];
  for (const named of sources) {
    const source = await Place.at(named).catch(() => undefined);
    if (source === undefined) continue;
    if (out.isWithin(source.identity)) throw refusal("OUTPUT_INSIDE_SOURCE");
    if (inOut.some((folder) => source.isWithin(folder))) throw refusal("SOURCE_INSIDE_OUTPUT");
    if (home !== undefined && source.isWithin(home.identity)) throw refusal("HOME_INSIDE_SOURCE");
  }
  return (found, path) => {
    const identity = identityOf(found);
    if (out.isWithin(identity)) throw refusal("OUTPUT_INSIDE_SOURCE", path);
    if (home?.isWithin(identity)) throw refusal("HOME_INSIDE_SOURCE", path);
    if (identity === kept.passphraseFile) throw refusal("PASSPHRASE_IN_SOURCE", path);
  };
}

/** Packages in the output folder: each may be mounted elsewhere too. */
async function foldersIn(outDir: string): Promise<readonly Identity[]> {
  const folders = (await output(readdir(outDir, { withFileTypes: true }))).filter((entry) => entry.isDirectory());
  const identities = await Promise.all(folders.map(({ name }) => identityAt(join(outDir, name))));
  return identities.filter((identity) => identity !== undefined);
}

const refusals = {
  OUTPUT_INSIDE_SOURCE: [
    "the output folder lies inside a source",
    "choose an output folder elsewhere, so that sealed and unsealed never stand together",
  ],
  SOURCE_INSIDE_OUTPUT: [
    "a source lies inside the output folder, in the clear",
    "choose an output folder that holds nothing but packages",
  ],
  HOME_INSIDE_SOURCE: [
    "your unit's home, with its private keys, is among the sources",
    "name the folder of the media alone: private keys never travel, not even sealed",
  ],
  HOME_INSIDE_OUTPUT: [
    "your unit's home, with its private keys, lies inside the output folder",
    "choose an output folder that holds nothing but packages: it may be burned as it is",
  ],
  PASSPHRASE_IN_SOURCE: [
    "the passphrase is among the sources",
    "keep it away from the media: whoever opens the package would have it",
  ],
} as const satisfies Partial<Record<ErrorCode, readonly [string, string]>>;

function refusal(code: keyof typeof refusals, subject?: string): EvsealError {
  const [message, hint] = refusals[code];
  return new EvsealError(code, message, { hint, ...(subject !== undefined && { subject }) });
}

/** Refuses a source whose whole content is the passphrase, by its SHA-256. Throws PASSPHRASE_IN_SOURCE. */
export function refusePassphrase(sourceHashes: readonly string[], passphraseHashes: readonly string[] = []): void {
  if (sourceHashes.some((hash) => passphraseHashes.includes(hash))) throw refusal("PASSPHRASE_IN_SOURCE");
}
