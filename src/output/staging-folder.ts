import { lstat, mkdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import { partialName } from "../package/names.js";
import { folderMode, output, outputExists, syncFolder } from "./durable.js";

/**
 * The hidden `.<seal number>.partial` beside the final place, in which everything grows. `commit` is one rename;
 * until then nothing stands under a final name, and after a crash only this folder is left.
 */
export class StagingFolder {
  readonly path: string;
  readonly #outDir: string;
  readonly #finalPath: string;
  /** Folders made below the staging folder, parents first. */
  readonly #folders = new Set<string>();

  private constructor(outDir: string, seal: string) {
    this.#outDir = outDir;
    this.path = join(outDir, partialName(seal));
    this.#finalPath = join(outDir, seal);
  }

  /** Throws OUTPUT_EXISTS when the final place, or the remains of another run, are already there. */
  static async create(outDir: string, seal: string): Promise<StagingFolder> {
    const staging = new StagingFolder(outDir, seal);
    await staging.#refuseExisting();
    if (await isThere(staging.path)) throw cutOff(staging.path);
    await output(mkdir(staging.path, folderMode));
    return staging;
  }

  /** Makes `components` as folders below the staging folder, where they are not there yet; returns the deepest path. */
  async folder(components: readonly string[]): Promise<string> {
    let path = this.path;
    for (const component of components) {
      path = join(path, component);
      if (this.#folders.has(path)) continue;
      await output(mkdir(path, folderMode));
      this.#folders.add(path);
    }
    return path;
  }

  /** Makes everything durable and gives it its final name. `modified` becomes the folder's own time, if given. */
  async commit(modified?: Date): Promise<string> {
    for (const folder of this.#folders) await syncFolder(folder);
    if (modified) await output(utimes(this.path, modified, modified));
    await syncFolder(this.path);
    await this.#refuseExisting(); // rename(2) would replace an empty folder
    await output(rename(this.path, this.#finalPath));
    await syncFolder(this.#outDir);
    return this.#finalPath;
  }

  /** Removes the staging folder with all that is in it; follows no link. Throws OUTPUT_FAILED, naming what is left. */
  async discard(): Promise<void> {
    try {
      await rm(this.path, { recursive: true, force: true });
    } catch (cause) {
      throw new EvsealError("OUTPUT_FAILED", "unfinished work could not be removed", {
        subject: this.path,
        hint: "remove the hidden folder .EV-….partial from the output folder by hand",
        cause,
      });
    }
  }

  async #refuseExisting(): Promise<void> {
    if (await isThere(this.#finalPath)) throw outputExists();
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function cutOff(path: string): EvsealError {
  return new EvsealError("OUTPUT_EXISTS", "an earlier run was cut off and has left its hidden folder here", {
    subject: path,
    hint: "when no other evseal is running, remove .EV-….partial from the output folder: it may hold evidence in the clear",
  });
}
