import { readdir, readFile } from "node:fs/promises";
import { platform } from "node:os";

/** What can be asked about the machine; recorded answers are for tests. */
export interface Surroundings {
  readonly isLinux: boolean;
  /** A small text file's content; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** The names in a folder; none where it cannot be read. */
  list(path: string): Promise<readonly string[]>;
}

export const thisMachine: Surroundings = {
  isLinux: platform() === "linux",
  read: async (path) => await readFile(path, "utf8").catch(() => undefined),
  list: async (path) => await readdir(path).catch(() => []),
};
