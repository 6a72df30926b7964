import { inspect } from "node:util";
import { fault } from "../errors.js";

/**
 * Bytes that must not be printed, logged, serialised or left behind. It shows itself as `[secret]`; reading is spelled
 * `expose()`, so that every use can be found; `wipe()` overwrites it. The pattern is rage's `FileKey` (age-core).
 */
export class SecretBytes {
  readonly #bytes: Uint8Array;
  #wiped = false;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes ownership of `bytes`: the caller must not keep them; `wipe()` overwrites this very memory. */
  static take(bytes: Uint8Array): SecretBytes {
    return new SecretBytes(bytes);
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  /** The bytes themselves, not a copy. Throws INTERNAL after `wipe()`: a wiped key must never be used as zeros. */
  expose(): Uint8Array {
    if (this.#wiped) throw fault("a secret was used after it was wiped");
    return this.#bytes;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#wiped = true;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
