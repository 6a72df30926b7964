import { join } from "node:path";
import { createExclusive, output, writeAll } from "./durable.js";
import type { SealedCopy } from "./sealed-copy.js";
import { StagingFolder } from "./staging-folder.js";

/**
 * Where the files of a package are put together whose discs come one after the other, in the hidden folder that a
 * package grows in. It never gets a final name, and nothing in it needs to be durable.
 */
export class DiscCopies {
  readonly #staging: StagingFolder;

  private constructor(staging: StagingFolder) {
    this.#staging = staging;
  }

  /** Throws OUTPUT_EXISTS, OUTPUT_FAILED. */
  static async create(outDir: string, seal: string): Promise<DiscCopies> {
    return new DiscCopies(await StagingFolder.create(outDir, seal));
  }

  get path(): string {
    return this.#staging.path;
  }

  /** Throws what the content does, and OUTPUT_…. */
  async keep(copy: SealedCopy): Promise<void> {
    const handle = await createExclusive(join(this.path, copy.name));
    try {
      for await (const chunk of copy.content()) await writeAll(handle, chunk);
    } finally {
      await output(handle.close());
    }
  }

  async discard(): Promise<void> {
    await this.#staging.discard();
  }
}
