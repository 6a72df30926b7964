/** The primitives, each held against what its own specification prints. */
import { toHex, utf8 } from "../bytes.js";
import { altered, hex, isHex, published, publishedText, type Bench, type Requirement } from "./requirement.js";

/** r = 8 and p = 1 as age and minisign have them, and N = 2^14: the example of RFC 7914 that takes 16 MiB. */
const exampleLogN = 14;

export const primitiveRequirements: readonly Requirement[] = [
  {
    says: "SHA-256 gives the published digests, at once and piece by piece.",
    source: "FIPS 180-4, section 6.2",
    testedWith: "NIST's examples “abc” and the message of two blocks",
    holds: ({ vectors, functions }: Bench): boolean =>
      Object.values(vectors.sha256).every(({ text, digest }) => {
        const bytes = utf8(text);
        const pieces = [bytes.subarray(0, 1), bytes.subarray(1)];
        return isHex(functions.sha256(bytes), digest) && functions.runningSha256(pieces) === digest;
      }),
  },
  {
    says: "HMAC with SHA-256 gives the published authentication code.",
    source: "RFC 2104; FIPS 198-1",
    testedWith: "RFC 4231, section 4.3 (test case 2)",
    holds: ({ vectors: { hmac }, functions }: Bench): boolean =>
      isHex(functions.hmacSha256(publishedText(hmac.keyText), utf8(hmac.text)), hmac.mac),
  },
  {
    says: "HKDF with SHA-256 derives the published key.",
    source: "RFC 5869, section 2",
    testedWith: "RFC 5869, appendix A.1",
    holds: ({ vectors: { hkdf }, functions }: Bench): boolean => {
      const { keyMaterial, salt, info, output } = hkdf;
      return isHex(functions.hkdfSha256(published(keyMaterial), hex(salt), hex(info), output.length / 2), output);
    },
  },
  {
    says: "scrypt derives the published key from a passphrase.",
    source: "RFC 7914, section 6",
    testedWith: "RFC 7914, section 12 (N = 16384, r = 8, p = 1)",
    holds: async ({ vectors: { scrypt }, functions }: Bench): Promise<boolean> => {
      const passphrase = publishedText(scrypt.passphraseText);
      return isHex(await functions.scrypt(passphrase, utf8(scrypt.saltText), exampleLogN, 64), scrypt.output);
    },
  },
  {
    says: "ChaCha20-Poly1305 seals and opens as published, and opens nothing of which a bit was altered.",
    source: "RFC 8439, section 2.8",
    testedWith:
      "RFC 8439, section 2.8.2 (the ciphertext; its tag covers associated data, of which age has none); " +
      "Wycheproof chacha20_poly1305, tcId 4 (with the tag)",
    holds: ({ vectors: { aead }, functions: { aeadSeal, aeadOpen } }: Bench): boolean => {
      const { sunscreen, withTag } = aead;
      const long = aeadSeal(published(sunscreen.key), hex(sunscreen.nonce), utf8(sunscreen.text));
      const [key, nonce] = [published(withTag.key), hex(withTag.nonce)];
      const sealed = hex(withTag.sealed);
      return (
        isHex(long.subarray(0, -16), sunscreen.ciphertext) &&
        isHex(aeadSeal(key, nonce, hex(withTag.plaintext)), withTag.sealed) &&
        isHex(aeadOpen(key, nonce, sealed), withTag.plaintext) &&
        sealed.every((_, at) => aeadOpen(key, nonce, altered(sealed, at)) === undefined)
      );
    },
  },
  {
    says: "X25519 gives the published secrets, the same on both sides, and none for a point of low order.",
    source: "RFC 7748, sections 5 and 6.1",
    testedWith: "RFC 7748, section 5.2 (first vector) and section 6.1",
    holds: ({ vectors: { x25519 }, functions }: Bench): boolean => {
      const { once, exchange } = x25519;
      const [alice, bob] = [published(exchange.alice), published(exchange.bob)];
      return (
        isHex(functions.x25519(published(once.scalar), hex(once.point)), once.shared) &&
        isHex(functions.x25519PublicKey(alice), exchange.alicePublic) &&
        isHex(functions.x25519PublicKey(bob), exchange.bobPublic) &&
        isHex(functions.x25519(alice, hex(exchange.bobPublic)), exchange.shared) &&
        isHex(functions.x25519(bob, hex(exchange.alicePublic)), exchange.shared) &&
        functions.x25519(alice, new Uint8Array(32)) === undefined
      );
    },
  },
  {
    says: "X-Wing (ML-KEM-768 with X25519) makes the published key, and both sides come to the same secret.",
    source: "draft-connolly-cfrg-xwing-kem; FIPS 203",
    testedWith:
      "the draft's test vector 1 (the public key, by its SHA-256); a new secret on this machine; " +
      "for a published ciphertext see the post-quantum age file below",
    holds: ({ vectors: { xwing }, functions }: Bench): boolean => {
      const publicKey = functions.xwingPublicKey(published(xwing.seed));
      const { ciphertext, sharedSecret } = functions.xwingEncapsulate(publicKey);
      const opened = functions.xwingDecapsulate(published(xwing.seed), ciphertext);
      return isHex(functions.sha256(publicKey), xwing.publicKeySha256) && isHex(opened, toHex(sharedSecret.expose()));
    },
  },
  {
    says: "Ed25519 makes and accepts the published signature, and accepts none of which a bit was altered.",
    source: "RFC 8032, section 5.1",
    testedWith: "RFC 8032, section 7.1 (TEST 3)",
    holds: ({ vectors: { ed25519 }, functions: { ed25519KeyPair, ed25519Sign, ed25519Verify } }: Bench): boolean => {
      const { publicKey, secretKey } = ed25519KeyPair(published(ed25519.seed));
      const [message, signature] = [hex(ed25519.message), hex(ed25519.signature)];
      return (
        isHex(publicKey, ed25519.publicKey) &&
        isHex(ed25519Sign(message, secretKey), ed25519.signature) &&
        ed25519Verify(signature, message, publicKey) &&
        !ed25519Verify(altered(signature), message, publicKey) &&
        !ed25519Verify(signature, altered(message), publicKey)
      );
    },
  },
  {
    says: "BLAKE2b gives the published digest.",
    source: "RFC 7693, section 3",
    testedWith: "RFC 7693, appendix A (“abc”)",
    holds: ({ vectors: { blake2b }, functions }: Bench): boolean =>
      isHex(functions.blake2b(utf8(blake2b.text), 64), blake2b.digest),
  },
];
