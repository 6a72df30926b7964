import { concat, equal, utf8 } from "../bytes.js";
import { blake2b, ed25519Verify } from "../crypto/sodium.js";
import { EvsealError, fault } from "../errors.js";
import type { MinisignPublicKey } from "./public-key.js";
import { parseSignatureFile } from "./signature-file.js";

let mint: (document: Uint8Array, signer: MinisignPublicKey) => VerifiedDocument;
const minted = Symbol("minted");

/** A document whose signature was found right; only `verify` makes one. */
export class VerifiedDocument {
  readonly #document: Uint8Array;
  readonly #signer: MinisignPublicKey;

  private constructor(mark: typeof minted, document: Uint8Array, signer: MinisignPublicKey) {
    // "private" holds at compile time only; without the mark, which never leaves this file, it holds at run time too.
    if (mark !== minted) throw fault("only verifying makes a verified document");
    this.#document = document;
    this.#signer = signer;
  }

  static {
    mint = (document, signer) => new VerifiedDocument(minted, document, signer);
  }

  /** The exact bytes that were signed. */
  get document(): Uint8Array {
    return this.#document;
  }

  get signer(): MinisignPublicKey {
    return this.#signer;
  }
}

/** The 8-byte id of the key that a `.minisig` file names; proves nothing. Throws SIGNATURE_MALFORMED. */
export function signatureKeyId(signature: Uint8Array): Uint8Array {
  return parseSignatureFile(signature).keyId;
}

/**
 * `signature` is the whole `.minisig` file, `trustedComment` what it must say to belong here. Throws
 * SIGNATURE_MALFORMED, SIGNATURE_WRONG.
 */
export function verify(
  document: Uint8Array,
  signature: Uint8Array,
  signer: MinisignPublicKey,
  trustedComment: string,
): VerifiedDocument {
  const fields = parseSignatureFile(signature);
  if (!equal(fields.keyId, signer.keyId)) throw wrong("was made with another key than the signer's");
  if (!ed25519Verify(fields.signature, blake2b(document, 64), signer.key)) {
    throw wrong("is not the signer's for this document: one of the two was altered");
  }
  const globallySigned = concat(fields.signature, utf8(fields.trustedComment));
  if (!ed25519Verify(fields.globalSignature, globallySigned, signer.key)) {
    throw wrong("was put together from parts, or altered");
  }
  if (fields.trustedComment !== trustedComment) throw wrong("is the signer's, but was made for something else");
  return mint(document, signer);
}

function wrong(complaint: string): EvsealError {
  return new EvsealError("SIGNATURE_WRONG", `the signature ${complaint}`, {
    hint: "do not rely on it; tell the sender, and ask for it to be sent again",
  });
}
