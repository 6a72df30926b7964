import { lstat, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SealedSource } from "./sealed-source.js";

/** The folder of a package, wherever it is: on a file system, or on a disc's image. */
export interface PackageFolder {
  /** Where it is, for people and for `join`. */
  readonly path: string;
  names(): Promise<readonly string[]>;
  /** The size of a regular file; undefined for anything else. */
  sizeOf(name: string): Promise<number | undefined>;
  open(name: string): Promise<SealedSource>;
}

export function folderAt(path: string): PackageFolder {
  return {
    path: resolve(path),
    names: () => readdir(path),
    sizeOf: async (name) => {
      const found = await lstat(join(path, name)).catch(() => undefined);
      return found?.isFile() === true ? found.size : undefined;
    },
    open: (name) => SealedSource.open(join(path, name)),
  };
}
