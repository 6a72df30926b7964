/** age.md "The X25519 recipient type". */
import { assertSize, concat, fromUtf8 } from "../bytes.js";
import { hkdfSha256 } from "../crypto/key-derivation.js";
import { randomSecret } from "../crypto/random.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { x25519, x25519PublicKey } from "../crypto/sodium.js";
import { fault } from "../errors.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { encodeBech32 } from "./bech32.js";
import { assertFileKeyBody, unwrapFileKey, wrapFileKey } from "./file-key.js";
import { headerMalformed } from "./refusals.js";
import type { Stanza } from "./stanza.js";

const type = "X25519";
const info = "age-encryption.org/v1/X25519";

export class X25519Recipient {
  static readonly hrp = "age";
  readonly kind = type;
  /** "age1…" */
  readonly encoded: string;
  readonly #point: Uint8Array;

  /** `point` must be usable (`isUsablePoint`). */
  constructor(point: Uint8Array) {
    assertSize("X25519 recipient", point, 32);
    this.#point = point;
    this.encoded = fromUtf8(encodeBech32(X25519Recipient.hrp, point));
  }

  wrap(fileKey: SecretBytes): Stanza {
    const ephemeral = randomSecret(32);
    try {
      const share = x25519PublicKey(ephemeral);
      const wrapKey = deriveWrapKey(ephemeral, this.#point, concat(share, this.#point));
      if (wrapKey === undefined) throw fault("a low-order recipient was not refused");
      try {
        return { type, args: [encodeBase64(share)], body: wrapFileKey(fileKey, wrapKey) };
      } finally {
        wrapKey.wipe();
      }
    } finally {
      ephemeral.wipe();
    }
  }
}

export class X25519Identity {
  static readonly hrp = "AGE-SECRET-KEY-";
  readonly recipient: X25519Recipient;
  readonly #secret: SecretBytes;
  readonly #point: Uint8Array;

  /** Takes ownership of the 32-byte secret. */
  constructor(secret: SecretBytes) {
    this.#secret = secret;
    this.#point = x25519PublicKey(secret);
    this.recipient = new X25519Recipient(this.#point);
  }

  unwrap(stanza: Stanza): SecretBytes | undefined {
    if (stanza.type !== type) return undefined;
    const share = stanza.args.length === 1 ? decodeBase64(stanza.args[0] ?? "") : undefined;
    if (share?.length !== 32) throw headerMalformed("an X25519 entry has the wrong form");
    assertFileKeyBody(stanza);
    const wrapKey = deriveWrapKey(this.#secret, share, concat(share, this.#point));
    // "If the shared secret is all 0x00 bytes, the identity implementation MUST abort."
    if (wrapKey === undefined) throw headerMalformed("an X25519 entry holds a forbidden value");
    try {
      return unwrapFileKey(stanza, wrapKey);
    } finally {
      wrapKey.wipe();
    }
  }

  /** "AGE-SECRET-KEY-1…", for the identity file; the caller wipes it. */
  encode(): SecretBytes {
    return SecretBytes.take(encodeBech32(X25519Identity.hrp, this.#secret.expose()));
  }

  wipe(): void {
    this.#secret.wipe();
  }
}

/**
 * Whether a file can be sealed to this 32-byte point and opened again. A low-order point gives a shared secret that
 * everybody knows. A point at or above the field's prime is another spelling of one below: the salt would hold the
 * wrong spelling, so that its owner could not open the file.
 */
export function isUsablePoint(point: Uint8Array): boolean {
  return isCanonical(point) && !isLowOrder(point);
}

export function isLowOrder(point: Uint8Array): boolean {
  // Any clamped scalar will do: it is a multiple of eight and thus takes exactly these points to zero (RFC 7748 §6.1).
  const shared = x25519(anyScalar, point);
  shared?.wipe();
  return shared === undefined;
}

const anyScalar = SecretBytes.take(new Uint8Array(32));

/** Less than 2^255 - 19, which is ed ff … ff 7f in little-endian bytes. */
function isCanonical(point: Uint8Array): boolean {
  const top = point[31] ?? 0;
  const isTopOfRange = top === 0x7f && point.subarray(1, 31).every((byte) => byte === 0xff);
  return top < 0x80 && !(isTopOfRange && (point[0] ?? 0) >= 0xed);
}

function deriveWrapKey(secret: SecretBytes, point: Uint8Array, salt: Uint8Array): SecretBytes | undefined {
  const shared = x25519(secret, point);
  if (shared === undefined) return undefined;
  try {
    return hkdfSha256(shared, salt, info, 32);
  } finally {
    shared.wipe();
  }
}
