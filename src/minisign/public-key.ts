import { assertSize, concat, equal, fromUtf8, toHex, utf8 } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { isSoundEd25519Key } from "./ed25519-key.js";
import { keyLine, untrustedPrefix } from "./key-line.js";

const algorithm = utf8("Ed");
const keyIdSizeBytes = 8;
const keySizeBytes = 32;

/** A minisign public key: "Ed", an 8-byte key id, a 32-byte Ed25519 key (minisign's format page, "Public key format"). */
export class MinisignPublicKey {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Throws INTERNAL for wrong sizes; for keys that evseal has made itself. */
  static of(keyId: Uint8Array, key: Uint8Array): MinisignPublicKey {
    assertSize("minisign key id", keyId, keyIdSizeBytes);
    assertSize("minisign public key", key, keySizeBytes);
    return new MinisignPublicKey(concat(algorithm, keyId, key));
  }

  /** `encoded` is the `RW…` line alone, 56 characters. Throws CARD_UNUSABLE. */
  static parse(encoded: string): MinisignPublicKey {
    return MinisignPublicKey.#parseLine(utf8(encoded));
  }

  /** A `.pub` file: an untrusted comment line and the key's line, or the key's line alone. Throws CARD_UNUSABLE. */
  static parseFile(content: Uint8Array): MinisignPublicKey {
    return MinisignPublicKey.#parseLine(keyLine(content));
  }

  static #parseLine(line: Uint8Array | undefined): MinisignPublicKey {
    const bytes = line?.length === 56 ? decodeBase64(line) : undefined;
    if (bytes?.length !== 42) throw unusable("is not a minisign public key");
    if (!equal(bytes.subarray(0, 2), algorithm)) throw unusable("is of an unknown kind");
    if (!isSoundEd25519Key(bytes.subarray(10))) throw unusable("is a weak one, under which anybody could sign");
    return new MinisignPublicKey(bytes);
  }

  /** The `RW…` line, 56 characters of base64. */
  get encoded(): string {
    return fromUtf8(encodeBase64(this.#bytes));
  }

  get keyId(): Uint8Array {
    return this.#bytes.slice(2, 10);
  }

  get key(): Uint8Array {
    return this.#bytes.slice(10);
  }

  /** The key id as minisign shows it, 16 hex digits: a little-endian number. */
  get shownKeyId(): string {
    return toHex(this.keyId.reverse()).toUpperCase();
  }

  /** The `.pub` file as minisign writes it. */
  encodeFile(): Uint8Array {
    return utf8(`${untrustedPrefix}minisign public key ${this.shownKeyId}\n${this.encoded}\n`);
  }
}

function unusable(complaint: string): EvsealError {
  return new EvsealError("CARD_UNUSABLE", `the signing key ${complaint}`, {
    hint: "ask the unit to send its card again, and compare the fingerprint with them by telephone",
  });
}
