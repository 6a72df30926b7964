import type { PortablePath } from "../package/portable-path.js";

/**
 * A file as it comes out of a sealed package, with its path below the folder that is opened into. Made only by
 * `opening/` (a lint rule says so), from bytes whose authentication tags were checked.
 */
export class RecoveredFile {
  readonly path: PortablePath;
  readonly modified: Date;
  readonly #content: AsyncIterable<Uint8Array>;

  private constructor(path: PortablePath, modified: Date, content: AsyncIterable<Uint8Array>) {
    this.path = path;
    this.modified = modified;
    this.#content = content;
  }

  static authenticated(path: PortablePath, modified: Date, content: AsyncIterable<Uint8Array>): RecoveredFile {
    return new RecoveredFile(path, modified, content);
  }

  content(): AsyncIterable<Uint8Array> {
    return this.#content;
  }
}
