import { join } from "node:path";
import type { SealedContainer } from "../age/sealed-container.js";
import type { SealedStream } from "../age/seal.js";
import { Sha256 } from "../crypto/digest.js";
import type { SignedDocument } from "../minisign/sign.js";
import type { SealedFile } from "../package/label.js";
import type { PublicDocument } from "../package/public-document.js";
import { runPipeline, type Spread } from "../ring/pipeline.js";
import { useStage } from "../ring/stage.js";
import type { Watch } from "../watch.js";
import { containerWriting, type WrittenContainer } from "./container-writing.js";
import { createExclusive, output, writeAll } from "./durable.js";
import { StagingFolder } from "./staging-folder.js";

/**
 * The only writer of packages. It takes what is sealed, what is signed, and public documents: cleartext has no type
 * with which it could come in here.
 */
export class PackageFolder {
  /** Where the package will stand, as the user named the place. */
  readonly path: string;
  readonly #staging: StagingFolder;
  readonly #sealedAt: Date;

  private constructor(path: string, staging: StagingFolder, sealedAt: Date) {
    this.path = path;
    this.#staging = staging;
    this.#sealedAt = sealedAt;
  }

  /** `sealedAt` becomes the time of every file, so that no other time is told. Throws OUTPUT_EXISTS, OUTPUT_FAILED. */
  static async create(outDir: string, seal: string, sealedAt: Date): Promise<PackageFolder> {
    return new PackageFolder(join(outDir, seal), await StagingFolder.create(outDir, seal), sealedAt);
  }

  /** Where a file stands now, to read it back. */
  pathOf(name: string): string {
    return join(this.#staging.path, name);
  }

  async writeSealed(name: string, sealed: SealedStream): Promise<SealedFile> {
    return await this.#write(name, sealed.chunks());
  }

  /** The same for what is sealed block by block, on as many threads as `spread` says; `found` is what its source found. */
  async writeContainer<Found>(
    name: string,
    sealed: SealedContainer<Found>,
    spread: Spread,
    watch: Watch,
  ): Promise<{ file: SealedFile; found: Found }> {
    const { start } = sealed;
    const writing = { path: this.pathOf(name), start, modifiedMs: this.#sealedAt.getTime() };
    const [found, , { sha256, sizeBytes }] = await runPipeline<[Found, null, WrittenContainer]>(
      sealed.ring,
      [...sealed.stages(), useStage(containerWriting, writing)],
      spread,
      watch,
      "sealing",
    );
    return { file: { sha256, name, size: sizeBytes }, found };
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

  async #write(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<SealedFile> {
    const handle = await createExclusive(this.pathOf(name));
    try {
      const hash = new Sha256();
      let size = 0;
      for await (const chunk of chunks) {
        await writeAll(handle, chunk);
        hash.update(chunk);
        size += chunk.length;
      }
      await output(handle.utimes(this.#sealedAt, this.#sealedAt));
      await output(handle.sync());
      return { sha256: hash.hex(), name, size };
    } finally {
      await output(handle.close());
    }
  }
}
