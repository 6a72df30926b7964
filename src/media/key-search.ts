import { EvsealError } from "../errors.js";
import { keySearchSizeBytes, privateKeyIn, type PrivateKeyKind } from "../package/private-key.js";

interface Window {
  readonly start: number;
  readonly end: number;
  /** Filled only where no single block holds all of the window: most files are read in one. */
  content?: Uint8Array;
}

/**
 * Looks for a private key at a file's beginning and end while the file's blocks pass by in order, however they are cut.
 * It keeps copies: whoever owns a block may use its memory again.
 */
export class KeySearch {
  #windows: Window[];
  #position = 0;

  /** A file of up to two windows is searched as one: a key may stand across the middle. */
  constructor(sizeBytes: number) {
    const isSmall = sizeBytes <= 2 * keySearchSizeBytes;
    const ends = [
      { start: 0, end: keySearchSizeBytes },
      { start: sizeBytes - keySearchSizeBytes, end: sizeBytes },
    ];
    this.#windows = isSmall ? [{ start: 0, end: sizeBytes }] : ends;
  }

  /** The kind of key that is known of once this block has passed; never later than with the file's last block. */
  update(block: Uint8Array): PrivateKeyKind | undefined {
    const start = this.#position;
    this.#position += block.length;
    let kind: PrivateKeyKind | undefined;
    for (const window of this.#windows) {
      const content = contentOf(window, block, start);
      if (this.#position >= window.end) kind ??= privateKeyIn(content);
    }
    this.#windows = this.#windows.filter(({ end }) => end > this.#position);
    return kind;
  }
}

/** What is known of the window's content when `block`, which begins at `start` in the file, has passed. */
function contentOf(window: Window, block: Uint8Array, start: number): Uint8Array {
  const end = start + block.length;
  if (start <= window.start && end >= window.end) return block.subarray(window.start - start, window.end - start);
  window.content ??= new Uint8Array(window.end - window.start);
  const [from, to] = [Math.max(start, window.start), Math.min(end, window.end)];
  if (from < to) window.content.set(block.subarray(from - start, to - start), from - window.start);
  return window.content;
}

export function privateKeyInSource(kind: PrivateKeyKind, subject: string): EvsealError {
  return new EvsealError("PRIVATE_KEY_IN_SOURCE", `a source holds ${kind}`, {
    subject,
    hint: "take it out: private keys never travel, not even sealed; one that is evidence itself goes into a zip file",
  });
}
