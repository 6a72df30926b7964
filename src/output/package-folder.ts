import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { SealedContainer } from "../age/sealed-container.js";
import type { SealedStream } from "../age/seal.js";
import { Sha256 } from "../crypto/digest.js";
import { existing } from "../errors.js";
import type { SignedDocument } from "../minisign/sign.js";
import type { LabelledFile, SealedFile } from "../package/label.js";
import { discName } from "../package/names.js";
import type { PublicDocument } from "../package/public-document.js";
import { runPipeline, type Spread } from "../ring/pipeline.js";
import { useStage } from "../ring/stage.js";
import type { Watch } from "../watch.js";
import type { WrittenContainer } from "./container-parts.js";
import { containerWriting } from "./container-writing.js";
import { createExclusive, output, writeAll } from "./durable.js";
import { StagingFolder } from "./staging-folder.js";

/** The container, or a part of it, before it is written; `disc` only where it is cut. */
export interface PlannedPart {
  readonly name: string;
  readonly sizeBytes: number;
  readonly disc?: number;
}

/**
 * The only writer of packages. It takes what is sealed, what is signed, and public documents: cleartext has no type
 * with which it could come in here.
 */
export class PackageFolder {
  /** Where the package will stand, as the user named the place. */
  readonly path: string;
  readonly #staging: StagingFolder;
  readonly #sealedAt: Date;
  /** What goes on each disc: the folder itself, or where there are several a folder for each. */
  readonly #discPaths: string[] = [];

  private constructor(path: string, staging: StagingFolder, sealedAt: Date) {
    this.path = path;
    this.#staging = staging;
    this.#sealedAt = sealedAt;
  }

  /** `sealedAt` becomes the time of everything, so that no other time is told. Throws OUTPUT_EXISTS, OUTPUT_FAILED. */
  static async create(outDir: string, seal: string, sealedAt: Date, discCount: number): Promise<PackageFolder> {
    const folder = new PackageFolder(join(outDir, seal), await StagingFolder.create(outDir, seal), sealedAt);
    try {
      await folder.#makeDiscs(discCount);
      return folder;
    } catch (cause) {
      await folder.discard();
      throw cause;
    }
  }

  async #makeDiscs(count: number): Promise<void> {
    for (let disc = 1; disc <= count; disc++) {
      this.#discPaths.push(await this.#staging.folder(count === 1 ? [] : [discName(disc)]));
    }
  }

  /** Where all of it stands now, to read it back. */
  get stagingPath(): string {
    return this.#staging.path;
  }

  /** Where a file of the container stands now. */
  partPath({ name, disc = 1 }: { readonly name: string; readonly disc?: number }): string {
    return join(existing(this.#discPaths[disc - 1], "a disc's folder"), name);
  }

  /** Where the copies of a file stand now that is on every disc. */
  pathsOf(name: string): readonly string[] {
    return this.#discPaths.map((path) => join(path, name));
  }

  async writeSealed(name: string, sealed: SealedStream): Promise<SealedFile> {
    return await this.#write(name, sealed.chunks());
  }

  /**
   * The same for what is sealed block by block, on as many threads as `spread` says, and cut into `planned` parts, whose
   * sizes add up to the container's; `found` is what its source found.
   */
  async writeContainer<Found>(
    planned: readonly PlannedPart[],
    sealed: SealedContainer<Found>,
    spread: Spread,
    watch: Watch,
  ): Promise<{ sha256: string; sizeBytes: number; parts: readonly LabelledFile[]; found: Found }> {
    const parts = planned.map((part) => ({ path: this.partPath(part), sizeBytes: part.sizeBytes }));
    const writing = { parts, start: sealed.start, modifiedMs: this.#sealedAt.getTime() };
    const [found, , { sha256, sizeBytes, parts: written }] = await runPipeline<[Found, null, WrittenContainer]>(
      sealed.ring,
      [...sealed.stages(), useStage(containerWriting, () => writing)],
      spread,
      watch,
      "sealing",
    );
    const files = written.map((part, index) => {
      const { name, disc } = existing(planned[index], "a planned part");
      return { sha256: part.sha256, name, size: part.sizeBytes, ...(disc !== undefined && { disc }) };
    });
    return { sha256, sizeBytes, parts: files, found };
  }

  /** Writes the document under `name` and its signature under `name`.minisig. */
  async writeSigned(name: string, signed: SignedDocument): Promise<void> {
    await this.#write(name, [signed.document]);
    await this.#write(`${name}.minisig`, [signed.signature]);
  }

  async writePublic(name: string, document: PublicDocument): Promise<SealedFile> {
    return await this.#write(name, [document.bytes]);
  }

  /** Makes the package durable under its final name. */
  async commit(): Promise<void> {
    await this.#staging.commit(this.#sealedAt);
  }

  async discard(): Promise<void> {
    await this.#staging.discard();
  }

  /** On every disc. */
  async #write(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<SealedFile> {
    const handles: FileHandle[] = [];
    try {
      for (const path of this.pathsOf(name)) handles.push(await createExclusive(path));
      const hash = new Sha256();
      let size = 0;
      for await (const chunk of chunks) {
        for (const handle of handles) await writeAll(handle, chunk);
        hash.update(chunk);
        size += chunk.length;
      }
      for (const handle of handles) {
        await output(handle.utimes(this.#sealedAt, this.#sealedAt));
        await output(handle.sync());
      }
      return { sha256: hash.hex(), name, size };
    } finally {
      await Promise.all(handles.map((handle) => output(handle.close())));
    }
  }
}
