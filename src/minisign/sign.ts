import { concat, utf8 } from "../bytes.js";
import { blake2b } from "../crypto/sodium.js";
import { fault } from "../errors.js";
import { encodeSignatureFile } from "./signature-file.js";
import type { SigningKey } from "./signing-key.js";
import { verify } from "./verify.js";

let mint: (document: Uint8Array, signature: Uint8Array) => SignedDocument;
const minted = Symbol("minted");

/** A document with its signature, which is why `output/` may write it; only `sign` makes one. */
export class SignedDocument {
  readonly #document: Uint8Array;
  readonly #signature: Uint8Array;

  private constructor(mark: typeof minted, document: Uint8Array, signature: Uint8Array) {
    // "private" holds at compile time only; without the mark, which never leaves this file, it holds at run time too.
    if (mark !== minted) throw fault("only signing makes a signed document");
    this.#document = document;
    this.#signature = signature;
  }

  static {
    mint = (document, signature) => new SignedDocument(minted, document, signature);
  }

  get document(): Uint8Array {
    return this.#document;
  }

  /** The bytes of the `.minisig` file. */
  get signature(): Uint8Array {
    return this.#signature;
  }
}

/**
 * Signs with minisign's prehashed "ED" and, as minisign does, verifies before it returns. `trustedComment` is one line
 * of printable ASCII that the program fixes, at most 1 KiB; anything else is INTERNAL.
 */
export function sign(document: Uint8Array, key: SigningKey, trustedComment: string): SignedDocument {
  if (!/^[\x20-\x7e]{1,1024}$/.test(trustedComment)) throw fault("a trusted comment must be one line of ASCII");
  const signature = key.signRaw(blake2b(document, 64));
  const globalSignature = key.signRaw(concat(signature, utf8(trustedComment)));
  const file = encodeSignatureFile({ keyId: key.publicKey.keyId, signature, trustedComment, globalSignature });
  try {
    verify(document, file, key.publicKey, trustedComment);
  } catch (cause) {
    throw fault("a signature was wrong as soon as it was made", cause);
  }
  return mint(document, file);
}
