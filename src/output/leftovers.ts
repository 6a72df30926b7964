/** What runs that were cut off have left: finding it, and removing it when nobody works on it any more. */
import type { Dirent } from "node:fs";
import { readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { leftoverOf } from "../package/names.js";
import { output, syncFolder } from "./durable.js";
import { isPartialFile } from "./home-files.js";
import { isInUse, openOnThisMachine } from "./in-use.js";
import { isOwn } from "./open-target.js";
import { isGone, packageFilesIn } from "./out-folder.js";

export interface Leftover {
  readonly path: string;
  /** The seal number of the package that was made or opened; what stands in a home has none. */
  readonly seal?: string;
  /** What may be inside: sealed files, evidence in the clear, or a part of a card. */
  readonly kind: "sealed" | "clear" | "card";
  /** Why it must stay: another evseal is at work on it, or it is another user's, or holds what evseal would not have put there. */
  readonly kept?: "in use" | "foreign";
}

/** What stands in `outDir`, each with the reason to keep it, if there is one. Throws OUTPUT_FAILED. */
export async function findLeftovers(outDir: string): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const entry of await output(readdir(outDir, { withFileTypes: true }))) {
    const named = leftoverOf(entry.name);
    if (named === undefined) continue;
    const path = join(outDir, entry.name);
    try {
      const isForeign = !entry.isDirectory() || !(await isOwn(path)) || !(await holdsOnlyItsFiles(path, named));
      found.push({ path, ...named, ...(isForeign && { kept: "foreign" }) });
    } catch (cause) {
      if (!isGone(cause)) throw cause; // else it has just got its final name
    }
  }
  return await markInUse(found);
}

async function holdsOnlyItsFiles(
  path: string,
  { kind, seal }: NonNullable<ReturnType<typeof leftoverOf>>,
): Promise<boolean> {
  return kind !== "sealed" || (await packageFilesIn(path, seal)) !== undefined;
}

/** What stands in a folder of a home; one that is not there holds nothing. */
export async function findHomeLeftovers(folder: string): Promise<readonly Leftover[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const partial = entries.filter(({ name }) => isPartialFile(name));
  return await markInUse(
    partial.map((entry): Leftover => {
      return { path: join(folder, entry.name), kind: "card", ...(!entry.isFile() && { kept: "foreign" }) };
    }),
  );
}

async function markInUse(found: readonly Leftover[]): Promise<readonly Leftover[]> {
  if (found.length === 0) return found;
  const open = await openOnThisMachine();
  return await Promise.all(
    found.map(async (leftover): Promise<Leftover> => {
      const inUse = leftover.kept === undefined && (await isInUse(leftover.path, open));
      return inUse ? { ...leftover, kept: "in use" } : leftover;
    }),
  );
}

/** Removes them, links in them without following, and makes that durable. Throws OUTPUT_FAILED. */
export async function removeLeftovers(folder: string, leftovers: readonly Leftover[]): Promise<void> {
  for (const { path } of leftovers) await output(rm(path, { recursive: true, force: true }));
  if (leftovers.length > 0) await syncFolder(await output(realpath(folder)));
}
