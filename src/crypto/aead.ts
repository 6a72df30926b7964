import { createCipheriv, createDecipheriv } from "node:crypto";
import { assertSize } from "../bytes.js";
import { letGo, letGoSealed } from "./let-go.js";
import type { SecretBytes } from "./secret-bytes.js";

const algorithm = "chacha20-poly1305";
export const tagSizeBytes = 16;
const options = { authTagLength: tagSizeBytes };

/** RFC 8439 ChaCha20-Poly1305, no associated data: ciphertext with its 16-byte tag appended. Key 32, nonce 12 bytes. */
export function aeadSeal(key: SecretBytes, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + tagSizeBytes);
  aeadSealInto(sealed, key, nonce, plaintext);
  return sealed;
}

/** The same into `target`, which is as long as the plaintext and the tag. */
export function aeadSealInto(target: Uint8Array, key: SecretBytes, nonce: Uint8Array, plaintext: Uint8Array): void {
  assertSize("AEAD key", key.expose(), 32);
  assertSize("AEAD nonce", nonce, 12);
  assertSize("AEAD target", target, plaintext.length + tagSizeBytes);
  const cipher = createCipheriv(algorithm, key.expose(), nonce, options);
  const body = cipher.update(plaintext);
  cipher.final();
  target.set(body);
  target.set(cipher.getAuthTag(), body.length);
  letGoSealed(body);
}

/** The plaintext, or undefined when the tag is wrong; no byte leaves here before the tag was checked. */
export function aeadOpen(key: SecretBytes, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  assertSize("AEAD key", key.expose(), 32);
  assertSize("AEAD nonce", nonce, 12);
  if (sealed.length < tagSizeBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key.expose(), nonce, options);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagSizeBytes));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - tagSizeBytes));
  try {
    decipher.final();
  } catch {
    letGo(plaintext); // update() hands out bytes before the tag is checked
    return undefined;
  }
  return plaintext;
}
