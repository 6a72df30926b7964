import { rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { PortablePath } from "../package/portable-path.js";
import { createExclusive, output, writeAll } from "./durable.js";
import { requirePrivate, type OpenTarget } from "./open-target.js";
import type { RecoveredFile } from "./recovered-file.js";
import { StagingFolder } from "./staging-folder.js";

/** The only writer of opened evidence: hidden until `commit`, which is called when every check has passed. */
export class RecoveredFolder {
  /** Where the files will stand, as the user named the place. */
  readonly path: string;
  readonly #staging: StagingFolder;

  private constructor(path: string, staging: StagingFolder) {
    this.path = path;
    this.#staging = staging;
  }

  /**
   * `name` is that of the folder that will stand in `outDir`. Throws OUTPUT_EXISTS, OUTPUT_FAILED, TARGET_NOT_PRIVATE
   * before anything is written.
   */
  static async create(outDir: string, name: string, target: OpenTarget): Promise<RecoveredFolder> {
    const staging = await StagingFolder.create(outDir, name);
    try {
      if (target.mustBePrivate) await requirePrivate(staging.path);
    } catch (cause) {
      await staging.discard();
      throw cause;
    }
    return new RecoveredFolder(join(outDir, name), staging);
  }

  /** Makes the folders of what `RecoveredWriter` will write below `folder`, and tells where that is. */
  async prepare(folder: PortablePath, files: Iterable<{ readonly path: PortablePath }>): Promise<string> {
    const made = new Set<string>();
    for (const { path } of files) {
      const { parent } = path;
      if (made.has(parent)) continue;
      await this.#staging.folder(path.within(folder).folders);
      made.add(parent);
    }
    return join(this.#staging.path, folder.text);
  }

  /** Where that fails, nothing of the file is left. */
  async write(file: RecoveredFile): Promise<void> {
    const path = join(await this.#staging.folder(file.path.folders), file.path.name);
    const handle = await createExclusive(path);
    try {
      await fill(handle, file);
    } catch (cause) {
      await output(rm(path));
      throw cause;
    }
  }

  async commit(): Promise<void> {
    await this.#staging.commit();
  }

  async discard(): Promise<void> {
    await this.#staging.discard();
  }
}

async function fill(handle: FileHandle, file: RecoveredFile): Promise<void> {
  try {
    for await (const chunk of file.content()) await writeAll(handle, chunk);
    await output(handle.utimes(file.modified, file.modified));
    await output(handle.sync());
  } finally {
    await output(handle.close());
  }
}
