/** age.md "The MLKEM768-X25519 (i.e. X-Wing) hybrid post-quantum recipient type". */
import { assertSize, fromUtf8 } from "../bytes.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { xwingDecapsulate, xwingEncapsulate, xwingPublicKey } from "../crypto/sodium.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { encodeBech32 } from "./bech32.js";
import { assertFileKeyBody, unwrapFileKey, wrapFileKey } from "./file-key.js";
import { keySchedule } from "./hpke.js";
import { headerMalformed } from "./refusals.js";
import type { Stanza } from "./stanza.js";
import { isLowOrder, isUsablePoint } from "./x25519.js";

const type = "mlkem768x25519";
const info = "age-encryption.org/mlkem768x25519";
const publicKeySizeBytes = 1216;
const encapsulatedKeySizeBytes = 1120;
/** The X25519 half comes last, in a public key as in an encapsulated key (X-Wing draft, section 5). */
const pointSizeBytes = 32;

export class HybridRecipient {
  static readonly hrp = "age1pq";
  readonly kind = type;
  /** "age1pq1…" */
  readonly encoded: string;
  readonly #publicKey: Uint8Array;

  /** `publicKey` must be usable (`isUsablePublicKey`). */
  constructor(publicKey: Uint8Array) {
    assertSize("hybrid recipient", publicKey, publicKeySizeBytes);
    this.#publicKey = publicKey;
    this.encoded = fromUtf8(encodeBech32(HybridRecipient.hrp, publicKey));
  }

  wrap(fileKey: SecretBytes): Stanza {
    const { ciphertext, sharedSecret } = xwingEncapsulate(this.#publicKey);
    const { key, nonce } = wipedSchedule(sharedSecret);
    try {
      return { type, args: [encodeBase64(ciphertext)], body: wrapFileKey(fileKey, key, nonce) };
    } finally {
      key.wipe();
    }
  }
}

export class HybridIdentity {
  static readonly hrp = "AGE-SECRET-KEY-PQ-";
  readonly recipient: HybridRecipient;
  readonly #seed: SecretBytes;

  /** Takes ownership of the 32-byte seed. */
  constructor(seed: SecretBytes) {
    this.#seed = seed;
    this.recipient = new HybridRecipient(xwingPublicKey(seed));
  }

  unwrap(stanza: Stanza): SecretBytes | undefined {
    if (stanza.type !== type) return undefined;
    const share = stanza.args.length === 1 ? decodeBase64(stanza.args[0] ?? "") : undefined;
    if (share?.length !== encapsulatedKeySizeBytes) throw headerMalformed("a hybrid entry has the wrong form");
    assertFileKeyBody(stanza);
    // draft-ietf-hpke-pq: the X25519 half's shared secret must not be all zeros (RFC 9180 section 7.1.4).
    if (isLowOrder(share.subarray(-pointSizeBytes))) throw headerMalformed("a hybrid entry holds a forbidden value");
    const { key, nonce } = wipedSchedule(xwingDecapsulate(this.#seed, share));
    try {
      return unwrapFileKey(stanza, key, nonce);
    } finally {
      key.wipe();
    }
  }

  /** "AGE-SECRET-KEY-PQ-1…", for the identity file; the caller wipes it. */
  encode(): SecretBytes {
    return SecretBytes.take(encodeBech32(HybridIdentity.hrp, this.#seed.expose()));
  }

  wipe(): void {
    this.#seed.wipe();
  }
}

/** Whether a file can be sealed to this public key and opened again by its owner. */
export function isUsablePublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== publicKeySizeBytes || !isUsablePoint(publicKey.subarray(-pointSizeBytes))) return false;
  try {
    // The encapsulation key check of FIPS 203 section 7.2 is made by libsodium, and only when it is used.
    xwingEncapsulate(publicKey).sharedSecret.wipe();
    return true;
  } catch {
    return false;
  }
}

function wipedSchedule(sharedSecret: SecretBytes): ReturnType<typeof keySchedule> {
  try {
    return keySchedule(sharedSecret, info);
  } finally {
    sharedSecret.wipe();
  }
}
