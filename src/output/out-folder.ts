import { readdir, realpath } from "node:fs/promises";
import { join, relative, isAbsolute, sep } from "node:path";
import { EvsealError } from "../errors.js";
import { howToName, namesFor, sealOfPartialName } from "../package/names.js";
import { isSealNumber } from "../package/seal-number.js";
import { output } from "./durable.js";

/** Refuses a folder for opened files that lies inside the package itself. Throws OUTPUT_INSIDE_SOURCE, OUTPUT_FAILED. */
export async function refuseInsidePackage(outDir: string, packagePath: string): Promise<void> {
  if (!isInside(await output(realpath(outDir)), await realpath(packagePath))) return;
  throw new EvsealError("OUTPUT_INSIDE_SOURCE", "the output folder lies inside the package", {
    hint: "choose a folder outside it: the package may be about to travel",
  });
}

/**
 * Refuses an output folder that lies inside a source, or that a source lies inside of, by whatever path either was
 * named. Throws OUTPUT_INSIDE_SOURCE, SOURCE_INSIDE_OUTPUT, OUTPUT_FAILED when there is no such folder. A source that
 * is not there is left to the reader of sources.
 */
export async function refuseOverlap(outDir: string, sources: readonly string[]): Promise<void> {
  const out = await output(realpath(outDir));
  for (const named of sources) {
    const source = await realpath(named).catch(() => undefined);
    if (source === undefined) continue;
    if (isInside(out, source)) throw outputInsideSource();
    if (isInside(source, out)) {
      throw new EvsealError("SOURCE_INSIDE_OUTPUT", "a source lies inside the output folder, in the clear", {
        hint: "choose an output folder that holds nothing but packages",
      });
    }
  }
}

/** Refuses an output folder that holds anything but packages and their unfinished remains, judged by their names. */
export async function requireOnlyPackages(outDir: string): Promise<void> {
  for (const entry of await output(readdir(outDir, { withFileTypes: true }))) {
    const seal = isSealNumber(entry.name) ? entry.name : sealOfPartialName(entry.name);
    if (seal !== undefined && entry.isDirectory() && (await holdsOnlyPackageFiles(outDir, entry.name, seal))) continue;
    throw new EvsealError("OUTPUT_NOT_ONLY_PACKAGES", "the output folder holds something that is not a package", {
      subject: entry.name,
      hint: "choose an empty folder, or one that holds nothing but packages: it may be burned as it is",
    });
  }
}

async function holdsOnlyPackageFiles(outDir: string, name: string, seal: string): Promise<boolean> {
  const { container, manifest, label, labelSignature } = namesFor(seal);
  const known = new Set([container, manifest, label, labelSignature, howToName]);
  const files = await output(readdir(join(outDir, name), { withFileTypes: true }));
  return files.every((file) => file.isFile() && known.has(file.name));
}

function outputInsideSource(): EvsealError {
  return new EvsealError("OUTPUT_INSIDE_SOURCE", "the output folder lies inside a source", {
    hint: "choose an output folder elsewhere, so that sealed and unsealed never stand together",
  });
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
