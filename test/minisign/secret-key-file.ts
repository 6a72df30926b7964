import { scryptSync } from "node:crypto";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { blake2b } from "../../src/crypto/sodium.js";
import { utf8 } from "../../src/bytes.js";

/** A minisign secret key file put together by hand from minisign.h's `SeckeyStruct`, so that each part can be wrong. */
export interface Parts {
  readonly signatureAlgorithm?: string;
  readonly derivation?: string;
  readonly checksumAlgorithm?: string;
  readonly operations?: bigint;
  readonly memoryBytes?: bigint;
  readonly secretKey: Uint8Array;
  readonly checksum?: Uint8Array;
  readonly passphrase?: string;
}

export const keyId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** libsodium's INTERACTIVE limits: N = 2^14, which is the least that evseal reads, and quick. */
export function handMade(parts: Parts): string {
  const { operations = 524288n, memoryBytes = 16777216n, passphrase } = parts;
  const signatureAlgorithm = Buffer.from(parts.signatureAlgorithm ?? "Ed");
  const salt = Buffer.alloc(32, 7);
  const limits = Buffer.alloc(16);
  limits.writeBigUInt64LE(operations, 0);
  limits.writeBigUInt64LE(memoryBytes, 8);
  const checksum = parts.checksum ?? blake2b(Buffer.concat([signatureAlgorithm, keyId, parts.secretKey]), 32);
  const body = Buffer.concat([keyId, parts.secretKey, checksum]);
  if (passphrase !== undefined) {
    const keyStream = scryptSync(passphrase, salt, body.length, { N: 2 ** 14, r: 8, p: 1 });
    for (const [index, byte] of keyStream.entries()) body[index] = (body[index] ?? 0) ^ byte;
  }
  const record = Buffer.concat([
    signatureAlgorithm,
    Buffer.from(parts.derivation ?? (passphrase === undefined ? "\0\0" : "Sc")),
    Buffer.from(parts.checksumAlgorithm ?? "B2"),
    salt,
    limits,
    body,
  ]);
  return `untrusted comment: made by hand\n${record.toString("base64")}\n`;
}

export function secret(text: string): SecretBytes {
  return SecretBytes.take(utf8(text));
}

export function passphraseIs(passphrase: string): () => Promise<SecretBytes> {
  return () => Promise.resolve(secret(passphrase));
}

export function neverAsked(): never {
  throw new Error("the passphrase was asked for");
}
