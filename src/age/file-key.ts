import { aeadOpen, aeadSeal, tagSizeBytes } from "../crypto/aead.js";
import { randomSecret } from "../crypto/random.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { headerMalformed } from "./refusals.js";
import type { Stanza } from "./stanza.js";

export const fileKeySizeBytes = 16;

/** The nonce is fixed: every wrap key comes from a fresh secret or salt and is used once (age.md, X25519 and scrypt). */
const wrapNonce = new Uint8Array(12);

/** age.md "File key": 16 bytes of CSPRNG output, for one file only. */
export function generateFileKey(): SecretBytes {
  return randomSecret(fileKeySizeBytes);
}

/** The stanza body that holds the file key under a 32-byte wrap key. */
export function wrapFileKey(fileKey: SecretBytes, wrapKey: SecretBytes, nonce: Uint8Array = wrapNonce): Uint8Array {
  return aeadSeal(wrapKey, nonce, fileKey.expose());
}

/** The file key, or undefined when the body was made under another wrap key. */
export function unwrapFileKey(
  stanza: Stanza,
  wrapKey: SecretBytes,
  nonce: Uint8Array = wrapNonce,
): SecretBytes | undefined {
  const fileKey = aeadOpen(wrapKey, nonce, stanza.body);
  return fileKey === undefined ? undefined : SecretBytes.take(fileKey);
}

/** "It MUST check that the body length is exactly 32 bytes before attempting to decrypt it" (partitioning oracles). */
export function assertFileKeyBody(stanza: Stanza): void {
  if (stanza.body.length !== fileKeySizeBytes + tagSizeBytes) {
    throw headerMalformed("a wrapped key has the wrong length");
  }
}
