import { toHex } from "../bytes.js";
import { MinisignPublicKey } from "../minisign/public-key.js";
import type { Card } from "./card.js";
import { fingerprintOf } from "./fingerprint.js";

/** Whose signature is believed, and under what name. */
export interface TrustedSigner {
  /** The card's unit name, or `minisign key E7620F1842B4E81F` for a bare key. */
  readonly unit: string;
  /** The card's, 64 hex digits; a bare key has no card and so no fingerprint. */
  readonly fingerprint: string | undefined;
  readonly key: MinisignPublicKey;
  /** UTC instant; a bare key does not expire. */
  readonly expires: string | undefined;
}

/** The signers a unit believes: its contacts, itself, and whoever the user names. Nothing here is changed, only added to. */
export class TrustedSigners {
  /** By key id in hex, as a signature names them. */
  readonly #signers: ReadonlyMap<string, TrustedSigner>;

  private constructor(signers: ReadonlyMap<string, TrustedSigner>) {
    this.#signers = signers;
  }

  static of(cards: readonly Card[]): TrustedSigners {
    return cards.reduce((signers, card) => signers.withCard(card), new TrustedSigners(new Map()));
  }

  /** The card named last speaks for its key: a renewed card counts, not the expired one with the same key. */
  withCard(card: Card): TrustedSigners {
    const key = MinisignPublicKey.parse(card.signingKey);
    return this.#with({ unit: card.unit, fingerprint: fingerprintOf(card).hex, key, expires: card.expires });
  }

  /** A key that a card has named already keeps that card's name and expiry. */
  withKey(key: MinisignPublicKey): TrustedSigners {
    if (this.find(key.encoded) !== undefined) return this;
    return this.#with({ unit: `minisign key ${key.shownKeyId}`, fingerprint: undefined, key, expires: undefined });
  }

  /** By the key's `RW…` line. */
  find(encodedKey: string): TrustedSigner | undefined {
    return [...this.#signers.values()].find(({ key }) => key.encoded === encodedKey);
  }

  /** By the 8 bytes that a signature names; whether the signature is that signer's is still to be verified. */
  findByKeyId(keyId: Uint8Array): TrustedSigner | undefined {
    return this.#signers.get(toHex(keyId));
  }

  #with(signer: TrustedSigner): TrustedSigners {
    return new TrustedSigners(new Map([...this.#signers, [toHex(signer.key.keyId), signer]]));
  }
}
