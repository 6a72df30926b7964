import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rename, rm, utimes, type FileHandle } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import { partialName } from "../package/names.js";
import { folderMode, output, outputExists, syncFolder } from "./durable.js";

/**
 * The hidden `.NAME.partial` beside the final place, in which everything grows. `commit` is one rename; until then
 * nothing stands under a final name, and after a crash only this folder is left.
 */
export class StagingFolder {
  readonly path: string;
  /** The folder that both stand in, through no link. */
  readonly #place: string;
  readonly #finalPath: string;
  /** Open to the end of the work, so that `evseal clean` sees that somebody is at it. */
  #held: FileHandle | undefined;
  /** Folders made below the staging folder, parents first. */
  readonly #folders = new Set<string>();

  private constructor(place: string, finalName: string) {
    this.#place = place;
    this.path = join(place, partialName(finalName));
    this.#finalPath = join(place, finalName);
  }

  /** Throws OUTPUT_EXISTS when the final place, or the remains of another run, are already there; OUTPUT_FAILED. */
  static async create(outDir: string, finalName: string): Promise<StagingFolder> {
    const staging = new StagingFolder(await output(realpath(outDir)), finalName);
    await syncFolder(staging.#place); // a place that cannot be made durable is refused now, not after the work
    if (await isThere(staging.#finalPath)) throw outputExists();
    if (await isThere(staging.path)) throw cutOff(staging.path);
    await output(mkdir(staging.path, folderMode));
    try {
      await staging.#hold();
    } catch (cause) {
      await staging.discard();
      throw cause;
    }
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
  async commit(modified?: Date): Promise<void> {
    for (const folder of this.#folders) await syncFolder(folder);
    if (modified) await output(utimes(this.path, modified, modified));
    await syncFolder(this.path);
    if (await isThere(this.#finalPath)) throw outputExists(); // rename(2) would replace an empty folder
    await output(rename(this.path, this.#finalPath));
    try {
      await syncFolder(this.#place);
    } catch (cause) {
      await output(rename(this.#finalPath, this.path)); // not durable is not done
      throw cause;
    }
    await this.#letGo();
  }

  /** Removes the staging folder with all that is in it; follows no link. Throws OUTPUT_FAILED, naming what is left. */
  async discard(): Promise<void> {
    await this.#letGo();
    try {
      await rm(this.path, { recursive: true, force: true });
    } catch (cause) {
      throw new EvsealError("OUTPUT_FAILED", "unfinished work could not be removed", {
        subject: this.path,
        hint: "run evseal clean on the output folder, or remove the hidden folder .EV-….partial from it by hand",
        cause,
      });
    }
  }

  /** Windows opens no folders, and would not rename one that is open. */
  async #hold(): Promise<void> {
    if (platform() === "win32") return;
    this.#held = await output(open(this.path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
  }

  /** Nothing was written through it, so nothing can be lost in closing it. */
  async #letGo(): Promise<void> {
    await this.#held?.close().catch(() => undefined);
    this.#held = undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function cutOff(path: string): EvsealError {
  return new EvsealError("OUTPUT_EXISTS", "an earlier run was cut off and has left its hidden folder here", {
    subject: path,
    hint: "run evseal clean on the output folder: what is left there may be evidence in the clear",
  });
}
