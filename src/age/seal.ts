import { concat } from "../bytes.js";
import { randomBytes } from "../crypto/random.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import { generateFileKey } from "./file-key.js";
import { encodeHeader } from "./header.js";
import { wrapWithPassphrase } from "./passphrase.js";
import type { Recipient } from "./recipient.js";
import { SourceReader } from "./source-reader.js";
import type { Stanza } from "./stanza.js";
import { deriveStreamKey, payloadNonceSizeBytes, sealStream } from "./stream.js";

/** The most recipients of one file that evseal makes. */
export const recipientsCap = 20;

let drain: (plaintext: Plaintext) => AsyncIterable<Uint8Array>;
let mint: (plaintext: Plaintext, fileKey: SecretBytes, stanzas: readonly Stanza[]) => SealedStream;
const minted = Symbol("minted");

/** Bytes in the clear. They can be put in and not taken out again: only this file drains them, and only to seal. */
export class Plaintext {
  #chunks: AsyncIterable<Uint8Array> | undefined;

  private constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Pieces of any size; a piece may be overwritten by its source once the next one is asked for. */
  static of(chunks: AsyncIterable<Uint8Array>): Plaintext {
    return new Plaintext(chunks);
  }

  static {
    drain = (plaintext) => {
      const chunks = plaintext.#chunks;
      if (chunks === undefined) throw fault("a plaintext was drained twice");
      plaintext.#chunks = undefined;
      return chunks;
    };
  }
}

/** An age v1 file in the making: what it gives is sealed, which is why `output/` may write it. */
export class SealedStream {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #start: Uint8Array;
  readonly #streamKey: SecretBytes;
  #fileKey: SecretBytes | undefined;
  #started = false;

  private constructor(
    mark: typeof minted,
    source: AsyncIterable<Uint8Array>,
    fileKey: SecretBytes,
    stanzas: readonly Stanza[],
  ) {
    // "private" holds at compile time only; without the mark, which never leaves this file, it holds at run time too.
    if (mark !== minted) throw fault("only sealing makes a sealed stream");
    const { start, streamKey } = beginStream(stanzas, fileKey);
    this.#source = source;
    this.#start = start;
    this.#streamKey = streamKey;
    this.#fileKey = fileKey;
  }

  /**
   * The age file: header and nonce, then one sealed chunk at a time. Can be asked for once (else INTERNAL); throws
   * whatever the plaintext's source throws. A stream that fails or is given up also forgets its file key.
   */
  chunks(): AsyncIterable<Uint8Array> {
    if (this.#started) throw fault("a sealed stream was read twice");
    this.#started = true;
    return this.#run();
  }

  /** The 16-byte file key, for reading back what was written; the caller wipes it. A second take throws INTERNAL. */
  takeFileKey(): SecretBytes {
    const fileKey = this.#fileKey;
    if (fileKey === undefined) throw fault("the file key was taken before, or its stream has failed");
    this.#fileKey = undefined;
    return fileKey;
  }

  /** Overwrites every key not taken yet; needed only for a stream that nobody reads to its end. */
  wipe(): void {
    this.#started = true;
    this.#streamKey.wipe();
    this.#fileKey?.wipe();
    this.#fileKey = undefined;
  }

  async *#run(): AsyncGenerator<Uint8Array, void> {
    const reader = new SourceReader(this.#source);
    let complete = false;
    try {
      yield this.#start;
      yield* sealStream(reader, this.#streamKey);
      complete = true;
    } finally {
      if (complete) this.#streamKey.wipe();
      else this.wipe();
      await reader.close();
    }
  }

  static {
    mint = (plaintext, fileKey, stanzas) => new SealedStream(minted, drain(plaintext), fileKey, stanzas);
  }
}

/**
 * Seals to 1 to 20 recipients, all of one kind and no two the same; callers have checked that with words for the
 * user, so that here it is INTERNAL. Nothing is read before the stream is.
 */
export function seal(plaintext: Plaintext, recipients: readonly Recipient[]): SealedStream {
  const fileKey = generateFileKey();
  try {
    return mint(plaintext, fileKey, wrapForEach(recipients, fileKey));
  } catch (error) {
    fileKey.wipe();
    throw error;
  }
}

/** What a sealed file begins with, header and a new nonce, and its 32-byte payload key, which the caller wipes. */
export function beginStream(
  stanzas: readonly Stanza[],
  fileKey: SecretBytes,
): { readonly start: Uint8Array; readonly streamKey: SecretBytes } {
  const nonce = randomBytes(payloadNonceSizeBytes);
  const start = concat(encodeHeader(stanzas, fileKey).bytes, nonce);
  return { start, streamKey: deriveStreamKey(fileKey, nonce) };
}

/** A stanza for each recipient. Throws INTERNAL as `seal` does. */
export function wrapForEach(recipients: readonly Recipient[], fileKey: SecretBytes): readonly Stanza[] {
  const distinct = new Set(recipients.map(({ encoded }) => encoded)).size;
  if (distinct === 0) throw fault("sealing needs a recipient");
  if (distinct > recipientsCap) throw fault(`sealing takes at most ${recipientsCap} recipients`);
  if (distinct !== recipients.length) throw fault("a recipient was named twice");
  // "the same file SHOULD NOT be encrypted to both this recipient type and to other non-quantum-resistant" ones
  if (new Set(recipients.map(({ kind }) => kind)).size > 1) throw fault("recipients of two kinds were mixed");
  return recipients.map((recipient) => recipient.wrap(fileKey));
}

/** Seals under a passphrase, for key files only (age.md "The scrypt recipient type"); takes a second and 128 MiB. */
export async function sealWithPassphrase(plaintext: Plaintext, passphrase: SecretBytes): Promise<SealedStream> {
  const fileKey = generateFileKey();
  try {
    return mint(plaintext, fileKey, [await wrapWithPassphrase(fileKey, passphrase)]);
  } catch (error) {
    fileKey.wipe();
    throw error;
  }
}
