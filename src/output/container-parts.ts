import { allEnded } from "../all-ended.js";
import { Sha256 } from "../crypto/digest.js";
import { existing } from "../errors.js";
import { DurableFile } from "./durable-file.js";
import { QuickerWay } from "./quicker-way.js";

/** A file that a container, or a part of it, is written into. */
export interface ContainerPart {
  readonly path: string;
  readonly sizeBytes: number;
}

export interface WrittenContainer {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** In the order in which the container is cut; one, of the same SHA-256, where it is not. */
  readonly parts: readonly { readonly sha256: string; readonly sizeBytes: number }[];
}

/**
 * A container, written from its beginning to its end into its parts, each a durable file, and hashed: as a whole, and
 * part by part where there are several. A file is made when its part begins and finished when the next one does.
 * Throws what `outputError` makes of a failure.
 */
export class ContainerParts {
  readonly #modifiedMs: number;
  readonly #quicker = new QuickerWay();
  readonly #toCome: ContainerPart[];
  readonly #begun: PartWriter[] = [];
  /** Of all parts together; one alone has this hash for its own. */
  readonly #hash: Sha256 | undefined;
  /** Those that are full become durable meanwhile. */
  #finishing: Promise<unknown> = Promise.resolve();
  #current: PartWriter;

  constructor(parts: readonly ContainerPart[], modifiedMs: number) {
    this.#modifiedMs = modifiedMs;
    this.#toCome = [...parts];
    if (parts.length > 1) this.#hash = new Sha256();
    this.#current = this.#begin();
  }

  /** Writes in the thread that asks. */
  write(bytes: Uint8Array): void {
    for (const [part, piece] of this.#cut(bytes)) part.write(piece);
    this.#hash?.update(bytes);
  }

  /** As `DurableFile.writeAside`. When it resolves, every part is durable that was full before these bytes were written. */
  async writeAside(bytes: Uint8Array): Promise<void> {
    const writing: Promise<void>[] = [];
    for (const [part, piece] of this.#cut(bytes)) writing.push(part.writeAside(piece));
    this.#hash?.update(bytes);
    await allEnded([...writing, this.#finishing]);
  }

  /** Resolves when all of it is durable. */
  async finish(): Promise<WrittenContainer> {
    await this.#finishing; // first: a file that is being finished cannot be given up
    await this.#current.finish(this.#modifiedMs);
    const parts = this.#begun.map((part) => ({ sha256: part.sha256(), sizeBytes: part.sizeBytes }));
    const sizeBytes = parts.reduce((total, part) => total + part.sizeBytes, 0);
    return { sha256: this.#hash?.hex() ?? existing(parts[0], "a part").sha256, sizeBytes, parts };
  }

  /** Gives up a container that will not be finished. Never throws. */
  abandon(): void {
    this.#current.abandon(); // the parts before it close themselves
  }

  /** Each piece must be written before the next one is asked for. */
  *#cut(bytes: Uint8Array): Generator<readonly [PartWriter, Uint8Array], void, undefined> {
    for (let at = 0; at < bytes.length;) {
      if (this.#current.roomBytes === 0) this.#moveOn();
      const piece = bytes.subarray(at, at + this.#current.roomBytes);
      yield [this.#current, piece];
      at += piece.length;
    }
  }

  #moveOn(): void {
    const next = this.#begin();
    this.#finishing = Promise.all([this.#finishing, this.#current.finish(this.#modifiedMs)]);
    this.#finishing.catch(() => undefined); // whoever writes next hears of it
    this.#current = next;
  }

  #begin(): PartWriter {
    const part = new PartWriter(existing(this.#toCome.shift(), "room for the container"), this.#quicker);
    this.#begun.push(part);
    return part;
  }
}

class PartWriter {
  readonly #file: DurableFile;
  readonly #hash = new Sha256();
  #writtenBytes = 0;
  readonly #capacityBytes: number;

  constructor({ path, sizeBytes }: ContainerPart, quicker: QuickerWay) {
    this.#capacityBytes = sizeBytes;
    this.#file = new DurableFile(path, quicker);
  }

  get sizeBytes(): number {
    return this.#writtenBytes;
  }

  get roomBytes(): number {
    return this.#capacityBytes - this.#writtenBytes;
  }

  write(bytes: Uint8Array): void {
    this.#file.write(bytes);
    this.#count(bytes);
  }

  writeAside(bytes: Uint8Array): Promise<void> {
    const writing = this.#file.writeAside(bytes);
    this.#count(bytes); // while the disk is at work
    return writing;
  }

  async finish(modifiedMs: number): Promise<void> {
    await this.#file.finish(modifiedMs);
  }

  /** The object cannot be used afterwards. */
  sha256(): string {
    return this.#hash.hex();
  }

  abandon(): void {
    this.#file.abandon();
  }

  #count(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#writtenBytes += bytes.length;
  }
}
