import type { BigIntStats } from "node:fs";
import { modifiedTimeOf } from "../package/modified-time.js";
import type { PortablePath } from "../package/portable-path.js";
import { identityOf, unreadable, type SourcePlace } from "./open-source.js";

/** A regular file among the sources, as it was when it was found. It is only ever read. */
export class SourceFile {
  /** Its path inside the package. */
  readonly path: PortablePath;
  readonly sizeBytes: number;
  readonly modified: string;
  readonly #folder: string;
  readonly #found: string;

  /** `found` is what lstat(2) said of `path` below `folder`. Throws SOURCE_UNREADABLE for a time no manifest can hold. */
  constructor(path: PortablePath, folder: string, found: BigIntStats) {
    const modified = modifiedTimeOf(found.mtimeNs);
    if (modified === undefined) throw unreadable(path.text, "has an impossible date");
    this.path = path;
    this.sizeBytes = Number(found.size);
    this.modified = modified;
    this.#folder = folder;
    this.#found = identityOf(found);
  }

  /** What is needed to read it, in another thread if need be. */
  get place(): SourcePlace {
    const { path, sizeBytes, modified } = this;
    return { path: path.text, folder: this.#folder, sizeBytes, modified, found: this.#found };
  }

  /** Whether what lstat(2) says now is this file, unchanged. */
  isUnchangedFrom(found: BigIntStats): boolean {
    return identityOf(found) === this.#found;
  }
}
