/** What a package looks like from outside, by names and kinds alone: one folder, or a folder of its discs' folders. */
import { isDiscName, isPackageFileName, leftoverOf, sealOfLabelName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import type { Entry } from "./tree.js";

/** The seal number of a folder that has, or had, a package's files; its label's name gives it, else its own. */
export function sealOf({ name, entries }: Entry): string | undefined {
  const labels = entries.map((entry) => sealOfLabelName(entry.name)).filter((seal) => seal !== undefined);
  if (labels.length > 0) return labels.includes(name) ? name : labels[0];
  return isSealNumber(name) && entries.some((entry) => isPackageFileName(name, entry.name)) ? name : undefined;
}

/** The seal number that the name of a package's own folder gives, finished or not. */
export function sealInName(name: string): string | undefined {
  if (isSealNumber(name)) return name;
  const leftover = leftoverOf(name);
  return leftover?.kind === "sealed" ? leftover.seal : undefined;
}

/** The folders of the discs in the folder of a package that is on several; undefined for any other folder. */
export function discsIn(entry: Entry): readonly Entry[] | undefined {
  if (entry.kind !== "folder" || sealOf(entry) !== undefined) return undefined;
  const discs = entry.entries.filter(({ kind, name }) => kind === "folder" && isDiscName(name));
  const isOurs = sealInName(entry.name) !== undefined || discs.some((disc) => sealOf(disc) !== undefined);
  return isOurs && discs.length > 0 ? discs : undefined;
}

export function isPackage(entry: Entry): boolean {
  return entry.kind === "folder" && (sealOf(entry) !== undefined || discsIn(entry) !== undefined);
}

export function holdsPackage({ entries }: Entry): boolean {
  return entries.some(isPackage);
}

export function hasLabel({ entries }: Entry): boolean {
  return entries.some(({ name }) => sealOfLabelName(name) !== undefined);
}

/** What is in a package's folder, or in those of its discs, beside its files. */
export function straysIn(entry: Entry): readonly Entry[] {
  const seal = sealOf(entry) ?? sealInName(entry.name) ?? "";
  const discs = discsIn(entry) ?? [];
  const beside = straysAmong(entry, seal).filter((stray) => !discs.includes(stray));
  return [...beside, ...discs.flatMap((disc) => straysAmong(disc, sealOf(disc) ?? seal))];
}

function straysAmong({ entries }: Entry, seal: string): readonly Entry[] {
  return entries.filter(({ name, kind }) => kind !== "file" || !isPackageFileName(seal, name));
}
