/**
 * Reads an asynchronous source in the sizes the format needs, whatever the sizes it comes in: nothing is copied that
 * lies in one piece, nothing is copied twice, and no more than one read's worth is ever held.
 */
export class SourceReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #ended = false;
  #gathered: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether every byte was read; asks the source for more when that is the only way to know. */
  async atEnd(): Promise<boolean> {
    while (this.#offset === this.#piece.length) {
      if (this.#ended) return true;
      this.#ended = true; // a source that throws is not asked again
      const next = await this.#source.next();
      if (next.done) return true;
      this.#ended = false;
      this.#piece = next.value;
      this.#offset = 0;
    }
    return false;
  }

  /** The next `sizeBytes`, fewer only where the source ends; they stay as they are until the next call of `read`. */
  async read(sizeBytes: number): Promise<Uint8Array> {
    // A view is handed out only while more of its piece follows: so no byte of it can change under a source that
    // uses its buffer again, since `atEnd` then answers without asking the source.
    if (this.#piece.length - this.#offset > sizeBytes) return this.#take(sizeBytes);
    if (this.#gathered.length < sizeBytes) this.#gathered = new Uint8Array(sizeBytes);
    let filled = 0;
    while (filled < sizeBytes && !(await this.atEnd())) {
      const part = this.#take(sizeBytes - filled);
      this.#gathered.set(part, filled);
      filled += part.length;
    }
    return this.#gathered.subarray(0, filled);
  }

  /**
   * Copies the next line into `target` and returns the part of it that was filled. The line ends with its line feed,
   * unless `target` was too small or the source ended.
   */
  async readLine(target: Uint8Array): Promise<Uint8Array> {
    let filled = 0;
    while (filled < target.length && target[filled - 1] !== 0x0a && !(await this.atEnd())) {
      const lineFeedAt = this.#piece.indexOf(0x0a, this.#offset);
      const lineEnd = lineFeedAt < 0 ? this.#piece.length : lineFeedAt + 1;
      const part = this.#take(Math.min(lineEnd - this.#offset, target.length - filled));
      target.set(part, filled);
      filled += part.length;
    }
    return target.subarray(0, filled);
  }

  /** Overwrites what is held, and tells a source that is not at its end that nobody will ask for more. Never throws. */
  async close(): Promise<void> {
    this.#gathered.fill(0);
    this.#piece = new Uint8Array(0);
    this.#offset = 0;
    if (this.#ended) return;
    this.#ended = true;
    try {
      await this.#source.return?.();
    } catch {
      // What made us stop is what the caller must hear of, as with `for await`.
    }
  }

  #take(sizeBytes: number): Uint8Array {
    const part = this.#piece.subarray(this.#offset, this.#offset + sizeBytes);
    this.#offset += part.length;
    return part;
  }
}
