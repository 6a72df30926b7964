/**
 * A file of a package as it stands on one of its discs, kept until the other discs were there too. Made only by `opening/`
 * (a lint rule says so), which has verified the label that names it and throws at the end of `content` unless it has the
 * SHA-256 that the label gives.
 */
export class SealedCopy {
  readonly name: string;
  readonly #content: AsyncIterable<Uint8Array>;

  private constructor(name: string, content: AsyncIterable<Uint8Array>) {
    this.name = name;
    this.#content = content;
  }

  static labelled(name: string, content: AsyncIterable<Uint8Array>): SealedCopy {
    return new SealedCopy(name, content);
  }

  content(): AsyncIterable<Uint8Array> {
    return this.#content;
  }
}
