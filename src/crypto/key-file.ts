import type { SecretBytes } from "./secret-bytes.js";

/**
 * The content of a private key file, in the format other programs read. Only the age and minisign rooms make one, and
 * `output/` writes it only into the unit's own home.
 */
export class KeyFile {
  readonly #content: SecretBytes;

  constructor(content: SecretBytes) {
    this.#content = content;
  }

  /** The exact bytes of the file; the caller writes them and then calls `wipe()`. */
  expose(): Uint8Array {
    return this.#content.expose();
  }

  wipe(): void {
    this.#content.wipe();
  }
}
