import { EvsealError } from "../errors.js";
import type { PackageFolder } from "../opening/package-folder.js";
import { SealedSource } from "../opening/sealed-source.js";
import type { Entry } from "./tree.js";

/**
 * A package's folder as it was found. A path may lead elsewhere a moment later (a link or a folder above was swapped), so
 * what is opened must be the very file that was found, in the state in which it was found.
 */
export function foundFolder({ path, entries }: Entry): PackageFolder {
  const files = new Map(entries.filter(({ kind }) => kind === "file").map((entry) => [entry.name, entry]));
  const open = async (name: string): Promise<SealedSource> => {
    const entry = files.get(name);
    if (entry === undefined) throw gone();
    const source = await SealedSource.open(entry.location);
    if (source.state === entry.identity) return source;
    await source.close();
    throw gone();
  };
  return {
    path,
    names: () => Promise.resolve(entries.map(({ name }) => name)),
    sizeOf: async (name) => {
      const source = await open(name);
      await source.close();
      return source.sizeBytes;
    },
    open,
  };
}

function gone(): EvsealError {
  return new EvsealError("PACKAGE_NOT_FOUND", "a file of the package is no longer the one that was found", {
    hint: "wait until nothing writes here, then check again",
  });
}
