import { join } from "node:path";
import { allEnded } from "../all-ended.js";
import { fault } from "../errors.js";
import { pageSizeBytes } from "../ring/block-ring.js";
import { DurableFile } from "./durable-file.js";
import { QuickerWay } from "./quicker-way.js";

export interface RecoveredPlace {
  /** Below the folder: the text of a `PortablePath`, which as a class does not cross from thread to thread. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

interface OpenFile {
  readonly file: DurableFile;
  readonly modifiedMs: number;
  readonly isLarge: boolean;
}

/** How many files may be on their way to the disk at once. */
const pendingCap = 64;
/** A file under this size is written at once, through the page cache: it is not worth a second way to it, nor a wait. */
const largeFromSizeBytes = 1024 * 1024;

/**
 * Writes recovered files one after the other, each durable before `end` resolves. The disk is asked to keep them while
 * the next are written: one wait for each of twenty thousand files would take minutes. Made only by `opening/` (a lint
 * rule says so), for bytes whose authentication tags were checked.
 */
export class RecoveredWriter {
  #current: OpenFile | undefined;
  /** Of a large file, the beginning of a page that the next bytes fill. */
  readonly #rest = new Uint8Array(pageSizeBytes);
  #restSizeBytes = 0;
  /** Where in memory the last bytes of a large file have ended. */
  #endOffset = 0;
  readonly #pending = new Set<Promise<void>>();
  #writes: Promise<void>[] = [];
  #failure: Error | undefined;
  readonly #folder: string;
  readonly #quicker = new QuickerWay();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `folder` is in a `RecoveredFolder` that is not committed yet; `prepare` has made what is below it. */
  static authenticated(folder: string): RecoveredWriter {
    return new RecoveredWriter(folder);
  }

  /** Throws INTERNAL for a path that leads elsewhere. */
  begin({ path, sizeBytes, modifiedMs }: RecoveredPlace): void {
    if (path.split("/").some((component) => ["", ".", ".."].includes(component))) throw fault("a path leads elsewhere");
    const isLarge = sizeBytes >= largeFromSizeBytes;
    const file = new DurableFile(join(this.#folder, path), isLarge ? this.#quicker : undefined);
    this.#current = { file, modifiedMs, isLarge };
  }

  /**
   * The bytes are the writer's until `written` resolves: those of a large file are moved to the beginning of a page. What
   * stands before them in their page is nobody's any more; where it holds none of the bytes that came before, they begin
   * at a page and have another of room before them.
   */
  write(bytes: Uint8Array): void {
    const { file, isLarge } = this.#begun();
    if (isLarge) this.#writePages(file, bytes);
    else file.write(bytes);
  }

  /**
   * Whole pages, as in `ContainerWriting`: what is left of one goes before the next bytes. Memory that begins at a page,
   * too: some disks of virtual machines take ten times as long for any other.
   */
  #writePages(file: DurableFile, bytes: Uint8Array): void {
    const rest = this.#rest.subarray(0, this.#restSizeBytes);
    const isFollowed = bytes.byteOffset === this.#endOffset || bytes.byteOffset % pageSizeBytes === 0;
    if (rest.length > 0 && !isFollowed) throw fault("there is no room before these bytes");
    this.#endOffset = bytes.byteOffset + bytes.length;
    const start = bytes.byteOffset - rest.length;
    const whole = new Uint8Array(bytes.buffer, start - (start % pageSizeBytes), rest.length + bytes.length);
    if (start % pageSizeBytes > 0) whole.set(bytes, rest.length);
    whole.set(rest);
    this.#restSizeBytes = whole.length % pageSizeBytes;
    const pages = whole.subarray(0, whole.length - this.#restSizeBytes);
    this.#rest.set(whole.subarray(pages.length));
    if (pages.length > 0) this.#writes.push(file.writeAside(pages));
  }

  /** Resolves when nothing given before is needed any more. Throws what a write has failed with. */
  async written(): Promise<void> {
    const writes = this.#writes;
    this.#writes = [];
    await allEnded(writes);
  }

  finishFile(): void {
    const { file, modifiedMs } = this.#begun();
    if (this.#restSizeBytes > 0) file.write(this.#rest.subarray(0, this.#restSizeBytes));
    this.#restSizeBytes = 0;
    this.#current = undefined;
    const finished = file
      .finish(modifiedMs)
      .catch((cause: unknown) => {
        this.#failure ??= cause as Error; // a file throws nothing else
      })
      .finally(() => this.#pending.delete(finished));
    this.#pending.add(finished);
  }

  /** Waits while too much is under way. Throws the first failure there was. */
  async settle(): Promise<void> {
    if (this.#pending.size > pendingCap) await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when every file is durable. */
  async end(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    this.#rest.fill(0);
    this.#current?.file.abandon();
    this.#current = undefined;
  }

  #begun(): OpenFile {
    if (this.#current === undefined) throw fault("no recovered file was begun");
    return this.#current;
  }
}
