import { randomSecret } from "../crypto/random.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { decodeBech32 } from "./bech32.js";
import { HybridIdentity } from "./hybrid.js";
import type { Recipient, RecipientKind } from "./recipient.js";
import type { Stanza } from "./stanza.js";
import { X25519Identity } from "./x25519.js";

/** A private key that files are opened with. */
export interface Identity {
  readonly recipient: Recipient;
  /**
   * The 16-byte file key, which the caller wipes; undefined when the stanza is not for this identity (age's "no
   * match"). Throws HEADER_MALFORMED for a malformed stanza of its own type.
   */
  unwrap(stanza: Stanza): SecretBytes | undefined;
  /** As an identity file spells it; the caller wipes it. */
  encode(): SecretBytes;
  wipe(): void;
}

const kinds = { mlkem768x25519: HybridIdentity, X25519: X25519Identity } as const;

/** Both kinds are 32 bytes of CSPRNG output. */
export function generateIdentity(kind: RecipientKind): Identity {
  return new kinds[kind](randomSecret(32));
}

/** Reads "AGE-SECRET-KEY-PQ-1…" or "AGE-SECRET-KEY-1…", upper case only; undefined when it is neither. */
export function parseIdentity(encoded: Uint8Array): Identity | undefined {
  for (const kind of Object.values(kinds)) {
    const secret = decodeBech32(kind.hrp, encoded);
    if (secret?.length === 32) return new kind(SecretBytes.take(secret));
    secret?.fill(0);
  }
  return undefined;
}
