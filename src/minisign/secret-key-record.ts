import { concat } from "../bytes.js";
import { blake2b } from "../crypto/sodium.js";

export const secretKeyRecordSizeBytes = 158;

/** The parts of a minisign secret key, `SeckeyStruct` in minisign.h, as views: writing to them writes the record. */
export interface SecretKeyFields {
  readonly signatureAlgorithm: Uint8Array; // 2 bytes, "Ed"
  readonly derivation: Uint8Array; // 2 bytes, "Sc" for scrypt or zeros for none
  readonly checksumAlgorithm: Uint8Array; // 2 bytes, "B2" for BLAKE2b-256
  readonly salt: Uint8Array; // 32 bytes
  readonly limits: DataView; // 16 bytes: operations and memory in bytes, as little-endian 64-bit numbers
  readonly body: Uint8Array; // 104 bytes, the three below: what is combined with the passphrase's key stream
  readonly keyId: Uint8Array; // 8 bytes
  readonly secretKey: Uint8Array; // 64 bytes: seed and public key
  readonly checksum: Uint8Array; // 32 bytes
}

export function secretKeyFields(record: Uint8Array): SecretKeyFields {
  return {
    signatureAlgorithm: record.subarray(0, 2),
    derivation: record.subarray(2, 4),
    checksumAlgorithm: record.subarray(4, 6),
    salt: record.subarray(6, 38),
    limits: new DataView(record.buffer, record.byteOffset + 38, 16),
    body: record.subarray(54),
    keyId: record.subarray(54, 62),
    secretKey: record.subarray(62, 126),
    checksum: record.subarray(126),
  };
}

/** BLAKE2b-256 of algorithm, key id and secret key (minisign's format page, "Secret key format"). */
export function checksumOf(fields: SecretKeyFields): Uint8Array {
  const checked = concat(fields.signatureAlgorithm, fields.keyId, fields.secretKey);
  try {
    return blake2b(checked, fields.checksum.length);
  } finally {
    checked.fill(0);
  }
}
