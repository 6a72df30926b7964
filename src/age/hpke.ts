/** HPKE (RFC 9180) in base mode, of which age uses one message per key: only the key schedule is needed. */
import { concat, utf8 } from "../bytes.js";
import { hmacSha256 } from "../crypto/digest.js";
import { SecretBytes } from "../crypto/secret-bytes.js";

/** KEM MLKEM768-X25519 (0x647a), KDF HKDF-SHA256 (0x0001), AEAD ChaCha20Poly1305 (0x0003). */
const suiteId = concat(utf8("HPKE"), Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03));
const version = utf8("HPKE-v1");
const modeBase = Uint8Array.of(0x00);
const nothing = new Uint8Array(0);

/** RFC 9180 section 5.1, KeySchedule; the nonce is that of sequence number zero. The caller wipes `key`. */
export function keySchedule(sharedSecret: SecretBytes, info: string): { key: SecretBytes; nonce: Uint8Array } {
  const noSalt = SecretBytes.take(nothing);
  const pskIdHash = labeledExtract(noSalt, "psk_id_hash", nothing);
  const infoHash = labeledExtract(noSalt, "info_hash", utf8(info));
  const context = concat(modeBase, pskIdHash, infoHash);
  const secret = SecretBytes.take(labeledExtract(sharedSecret, "secret", nothing));
  try {
    const key = SecretBytes.take(labeledExpand(secret, "key", context, 32));
    return { key, nonce: labeledExpand(secret, "base_nonce", context, 12) };
  } finally {
    secret.wipe();
  }
}

/** LabeledExtract of section 4; HKDF-Extract (RFC 5869) is HMAC under the salt. */
function labeledExtract(salt: SecretBytes, label: string, keyMaterial: Uint8Array): Uint8Array {
  return hmacSha256(salt, concat(version, suiteId, utf8(label), keyMaterial));
}

/** LabeledExpand of section 4 for at most 32 bytes, for which HKDF-Expand is one HMAC with the counter 1. */
function labeledExpand(secret: SecretBytes, label: string, context: Uint8Array, sizeBytes: number): Uint8Array {
  const length = Uint8Array.of(sizeBytes >> 8, sizeBytes & 0xff);
  const block = hmacSha256(secret, concat(length, version, suiteId, utf8(label), context, Uint8Array.of(1)));
  const expanded = new Uint8Array(sizeBytes);
  expanded.set(block.subarray(0, sizeBytes)); // node's Buffer has a slice() that does not copy
  block.fill(0);
  return expanded;
}
