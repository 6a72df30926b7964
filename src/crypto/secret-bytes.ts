import { inspect } from "node:util";
import { unmoved } from "../bytes.js";
import { fault } from "../errors.js";

/**
 * Bytes that must not be printed, logged, serialised or left behind. It shows itself as `[secret]`; reading is spelled
 * `expose()`, so that every use can be found; `wipe()` overwrites it. The pattern is rage's `FileKey` (age-core).
 *
 * The bytes lie outside V8's heap, in memory of their own: a typed array of up to 64 bytes is kept inside the heap, whose
 * collector moves it and leaves the old copy where no program can reach it.
 */
export class SecretBytes {
  readonly #bytes: Uint8Array;
  #wiped = false;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Moves `bytes` in: what the caller holds is overwritten here and now. */
  static take(bytes: Uint8Array): SecretBytes {
    const secret = SecretBytes.copyOf(bytes);
    bytes.fill(0);
    return secret;
  }

  /** A secret of its own; `bytes` stay the caller's to wipe. */
  static copyOf(bytes: Uint8Array): SecretBytes {
    const own = unmoved(bytes.length);
    own.set(bytes);
    return new SecretBytes(own);
  }

  /** The bytes where they stand, for what several threads share: whoever owns that memory overwrites it, after them all. */
  static viewOf(bytes: Uint8Array): SecretBytes {
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
