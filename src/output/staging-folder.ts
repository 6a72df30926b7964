import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, realpath, rename, rm, rmdir, utimes, type FileHandle } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import { partialName } from "../package/names.js";
import { folderMode, output, outputExists, syncFolder } from "./durable.js";
import { identityAt, identityOf } from "./place.js";

/**
 * The hidden `.NAME.partial` beside the final place, in which everything grows. `commit` is one rename; until then
 * nothing stands under a final name, and after a crash only this folder is left.
 */
export class StagingFolder {
  /** The folder that both stand in, through no link. */
  readonly #place: string;
  readonly #namedPath: string;
  readonly #finalPath: string;
  /**
   * Open to the end of the work: `evseal clean` sees by it that somebody is at it, and on Linux all is written through
   * it, so that whoever may rename in the output folder cannot lead the writing elsewhere.
   */
  #held: FileHandle | undefined;
  #path: string;
  /** What the folder itself is, under whatever name (`identityAt`). */
  #identity: string | undefined;
  /** It has its final name, not durably, and could not be made to give it up: then it stays whole. */
  #keepsName = false;
  /** Folders made below the staging folder, parents first. */
  readonly #folders = new Set<string>();

  private constructor(place: string, finalName: string) {
    this.#place = place;
    this.#namedPath = join(place, partialName(finalName));
    this.#path = this.#namedPath;
    this.#finalPath = join(place, finalName);
  }

  /** Leads to the folder itself, whatever stands under its name by now, where the system has such a path. */
  get path(): string {
    return this.#path;
  }

  /** Throws OUTPUT_EXISTS when the final place, or the remains of another run, are already there; OUTPUT_FAILED. */
  static async create(outDir: string, finalName: string): Promise<StagingFolder> {
    const staging = new StagingFolder(await output(realpath(outDir)), finalName);
    await syncFolder(staging.#place); // a place that cannot be made durable is refused now, not after the work
    if (await isThere(staging.#finalPath)) throw outputExists();
    if (await isThere(staging.#namedPath)) throw cutOff(staging.#namedPath);
    await output(mkdir(staging.#namedPath, folderMode));
    try {
      await staging.#hold();
    } catch (cause) {
      await staging.#remove(); // nothing was written yet, and what stands there now may be a link that somebody put
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

  /** Makes everything durable and gives it its final name. `modified` becomes the time of all folders, if given. */
  async commit(modified?: Date): Promise<void> {
    for (const folder of [...this.#folders, this.path]) {
      if (modified) await output(utimes(folder, modified, modified));
      await syncFolder(folder);
    }
    if (await isThere(this.#finalPath)) throw outputExists(); // rename(2) would replace an empty folder
    await output(rename(this.#namedPath, this.#finalPath));
    try {
      await this.#requireOwn(this.#finalPath);
      await syncFolder(this.#place);
    } catch (cause) {
      this.#keepsName = true;
      await output(rename(this.#finalPath, this.#namedPath)); // not durable is not done
      this.#keepsName = false;
      throw cause;
    }
    await this.#letGo();
  }

  /** Removes the staging folder with all that is in it; follows no link. Throws OUTPUT_FAILED, naming what is left. */
  async discard(): Promise<void> {
    if (this.#keepsName) {
      await this.#letGo(); // emptied, it would still be called a package
      return;
    }
    await this.#remove(async () => {
      const found = await identityAt(this.path);
      if (found !== undefined && found !== this.#identity) return; // somebody else's: ours was renamed away
      for (const name of await readdir(this.path).catch(unlessGone)) {
        await rm(join(this.path, name), { recursive: true, force: true });
      }
    });
  }

  /** Removes the folder, once `empty` has emptied it. */
  async #remove(empty?: () => Promise<void>): Promise<void> {
    try {
      await empty?.();
      await this.#letGo();
      await rmdir(this.#namedPath).catch(unlessGone);
    } catch (cause) {
      await this.#letGo();
      throw new EvsealError("OUTPUT_FAILED", "unfinished work could not be removed", {
        subject: this.#namedPath,
        hint: "run evseal clean on the output folder, or remove the hidden folder .EV-….partial from it by hand",
        cause,
      });
    }
  }

  /** Another folder got the final name where somebody renamed in the output folder. Throws OUTPUT_FAILED. */
  async #requireOwn(path: string): Promise<void> {
    if ((await identityAt(path)) !== this.#identity) await output(Promise.reject(new Error("swapped")));
  }

  /** Windows opens no folders, and would not rename one that is open. */
  async #hold(): Promise<void> {
    if (platform() === "win32") {
      this.#identity = await identityAt(this.#namedPath);
      return;
    }
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    this.#held = await output(open(this.#namedPath, flags));
    const path = `/proc/self/fd/${this.#held.fd}/.`; // with the dot it is the folder, and not a link to it
    this.#identity = identityOf(await output(this.#held.stat({ bigint: true })));
    if ((await identityAt(path)) === this.#identity) this.#path = path;
  }

  /** Nothing was written through it, so nothing can be lost in closing it. */
  async #letGo(): Promise<void> {
    await this.#held?.close().catch(() => undefined);
    this.#held = undefined;
    this.#path = this.#namedPath;
  }
}

/** What is not there any more needs no removing; where it was renamed to, nothing is left in it. */
function unlessGone(cause: NodeJS.ErrnoException): [] {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return [];
  throw cause;
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
