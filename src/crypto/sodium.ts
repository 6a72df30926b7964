/**
 * The only door to libsodium-wrappers: X25519, X-Wing, Ed25519, BLAKE2b. Default import only: its named exports
 * type-check and are undefined at run time. It copies what it is given and what it gives back into its WASM memory and
 * frees that unwiped, at places it does not tell: every secret is looked for there after its use, and overwritten.
 */
import sodium from "libsodium-wrappers";
import { assertSize } from "../bytes.js";
import { SecretBytes } from "./secret-bytes.js";

await sodium.ready;

/** The instance behind the wrappers, which their types leave out. Its memory is another object once it has grown. */
const { libsodium } = sodium as unknown as { readonly libsodium: { readonly HEAPU8: Uint8Array } };

export const libsodiumVersion = sodium.SODIUM_VERSION_STRING;

/**
 * RFC 7748 X25519 of a 32-byte secret scalar and a 32-byte point. Returns undefined for a low-order point, whose
 * result is all zeros, as age requires it to be refused.
 */
export function x25519(secret: SecretBytes, point: Uint8Array): SecretBytes | undefined {
  assertSize("X25519 secret", secret.expose(), 32);
  assertSize("X25519 point", point, 32);
  try {
    return forgotten(SecretBytes.take(sodium.crypto_scalarmult(secret.expose(), point)));
  } catch {
    // libsodium's only failure on inputs of the right size is the all-zero result.
    return undefined;
  } finally {
    forgotten(secret);
  }
}

/** The 32-byte public point of a 32-byte X25519 secret (RFC 7748). */
export function x25519PublicKey(secret: SecretBytes): Uint8Array {
  assertSize("X25519 secret", secret.expose(), 32);
  const point = sodium.crypto_scalarmult_base(secret.expose());
  forgotten(secret);
  return point;
}

/** X-Wing (draft-connolly-cfrg-xwing-kem): the 1216-byte public key of a 32-byte seed. */
export function xwingPublicKey(seed: SecretBytes): Uint8Array {
  assertSize("X-Wing seed", seed.expose(), 32);
  const pair = sodium.crypto_kem_xwing_seed_keypair(seed.expose());
  sodium.memzero(pair.privateKey);
  forgotten(seed);
  return pair.publicKey;
}

/** X-Wing encapsulation to a 1216-byte public key: a 1120-byte ciphertext and a 32-byte shared secret. */
export function xwingEncapsulate(publicKey: Uint8Array): { ciphertext: Uint8Array; sharedSecret: SecretBytes } {
  assertSize("X-Wing public key", publicKey, 1216);
  const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(publicKey);
  return { ciphertext, sharedSecret: forgotten(SecretBytes.take(sharedSecret)) };
}

/**
 * X-Wing decapsulation. A foreign ciphertext gives a random-looking secret (implicit rejection), not an error; only a
 * low-order X25519 half makes libsodium throw, so callers refuse that first.
 */
export function xwingDecapsulate(seed: SecretBytes, ciphertext: Uint8Array): SecretBytes {
  assertSize("X-Wing seed", seed.expose(), 32);
  assertSize("X-Wing ciphertext", ciphertext, 1120);
  try {
    return forgotten(SecretBytes.take(sodium.crypto_kem_xwing_dec(ciphertext, seed.expose())));
  } finally {
    forgotten(seed);
  }
}

/** RFC 8032 Ed25519. `secretKey` is libsodium's 64 bytes: the 32-byte seed, then the 32-byte public key. */
export function ed25519KeyPair(seed: SecretBytes): { publicKey: Uint8Array; secretKey: SecretBytes } {
  assertSize("Ed25519 seed", seed.expose(), 32);
  const pair = sodium.crypto_sign_seed_keypair(seed.expose());
  return { publicKey: pair.publicKey, secretKey: forgotten(SecretBytes.take(pair.privateKey)) };
}

/** The 64-byte RFC 8032 signature of `message` under libsodium's 64-byte secret key. */
export function ed25519Sign(message: Uint8Array, secretKey: SecretBytes): Uint8Array {
  assertSize("Ed25519 secret key", secretKey.expose(), 64);
  const signature = sodium.crypto_sign_detached(message, secretKey.expose());
  forgotten(secretKey);
  return signature;
}

/** Strict Ed25519 verification: libsodium also refuses small-order public keys and non-canonical encodings. */
export function ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  assertSize("Ed25519 signature", signature, 64);
  assertSize("Ed25519 public key", publicKey, 32);
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** What libsodium is given at once: its memory grows to hold it, and never becomes smaller. */
const pieceSizeBytes = 64 * 1024;

/** Unkeyed BLAKE2b (RFC 7693); `sizeBytes` is the digest's length, 1 to 64. */
export function blake2b(message: Uint8Array, sizeBytes: number): Uint8Array {
  const state = sodium.crypto_generichash_init(null, sizeBytes);
  for (let at = 0; at < message.length; at += pieceSizeBytes) {
    sodium.crypto_generichash_update(state, message.subarray(at, at + pieceSizeBytes));
  }
  return sodium.crypto_generichash_final(state, sizeBytes);
}

/**
 * The same secret, of which no copy stands in libsodium's memory any more. It is sought by pieces of 16 bytes: the
 * allocator writes over the beginning of what it was given back.
 */
function forgotten(secret: SecretBytes): SecretBytes {
  const bytes = secret.expose();
  const memory = writtenMemory();
  for (let start = 0; start < bytes.length; start += 16) {
    const piece = bytes.subarray(start, start + 16);
    if (piece.every((byte) => byte === 0)) continue; // it stands everywhere, and says nothing
    for (let at = memory.indexOf(piece); at >= 0; at = memory.indexOf(piece, at)) memory.fill(0, at, at + piece.length);
  }
  return secret;
}

/** WebAssembly's unit of memory, as it begins. */
const emptyPage = Buffer.alloc(64 * 1024);

/** libsodium's memory without the zeros at its end, most of all, but for as many as a piece can end with. */
function writtenMemory(): Buffer {
  const memory = Buffer.from(libsodium.HEAPU8.buffer);
  let end = memory.length;
  while (end > 0 && memory.subarray(end - emptyPage.length, end).equals(emptyPage)) end -= emptyPage.length;
  return memory.subarray(0, end + 16);
}
