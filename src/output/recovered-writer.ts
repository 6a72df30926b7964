import { fault } from "../errors.js";
import { DurableFile } from "./durable-file.js";

/** Where a recovered file goes, below a `RecoveredFolder` that is not committed yet. */
export interface RecoveredPlace {
  readonly path: string;
  readonly modifiedMs: number;
}

/** How many files may be on their way to the disk at once. */
const pendingCap = 64;
/** From this size on, another thread's help is worth asking for. */
const asideFromSizeBytes = 256 * 1024;

/**
 * Writes recovered files one after the other, each durable before `end` resolves. The disk is asked to keep them while
 * the next are written: one wait for each of twenty thousand files would take minutes. Made only by `opening/` (a lint
 * rule says so), for bytes whose authentication tags were checked.
 */
export class RecoveredWriter {
  #current: { readonly file: DurableFile; readonly modifiedMs: number } | undefined;
  readonly #pending = new Set<Promise<void>>();
  #writes: Promise<void>[] = [];
  #failure: Error | undefined;

  private constructor() {
    // Only `authenticated` makes one.
  }

  static authenticated(): RecoveredWriter {
    return new RecoveredWriter();
  }

  begin({ path, modifiedMs }: RecoveredPlace): void {
    this.#current = { file: new DurableFile(path), modifiedMs };
  }

  /** The bytes must stay as they are until `written` resolves. */
  write(bytes: Uint8Array): void {
    if (this.#current === undefined) throw fault("no recovered file was begun");
    const { file } = this.#current;
    if (bytes.length < asideFromSizeBytes) file.write(bytes);
    else this.#writes.push(file.writeAside(bytes));
  }

  /** Resolves when nothing given before is needed any more. Throws what a write has failed with. */
  async written(): Promise<void> {
    const writes = this.#writes;
    this.#writes = [];
    await Promise.all(writes);
  }

  finishFile(): void {
    if (this.#current === undefined) throw fault("no recovered file was begun");
    const { file, modifiedMs } = this.#current;
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
    this.#current?.file.abandon();
  }
}
