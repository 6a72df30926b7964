import { hkdfSync, scrypt as nodeScrypt } from "node:crypto";
import { utf8 } from "../bytes.js";
import { EvsealError, fault } from "../errors.js";
import { SecretBytes } from "./secret-bytes.js";

/** RFC 5869 HKDF with SHA-256; `sizeBytes` up to 8160. */
export function hkdfSha256(
  secret: SecretBytes,
  salt: Uint8Array,
  info: string | Uint8Array,
  sizeBytes: number,
): SecretBytes {
  const infoBytes = typeof info === "string" ? utf8(info) : info;
  return SecretBytes.take(new Uint8Array(hkdfSync("sha256", secret.expose(), salt, infoBytes, sizeBytes)));
}

/** What protects the key files that evseal writes: N = 2^17 takes 128 MiB, the minimum OWASP recommends for scrypt. */
export const writtenLogN = 17;

/** 1 GiB, minisign's own cost; more in a key file is somebody's attempt to keep us busy. */
export const readableLogNCap = 20;

export function passphraseWrong(): EvsealError {
  return new EvsealError("PASSPHRASE_WRONG", "the passphrase is wrong", {
    hint: "give the passphrase that was chosen when these keys were made",
  });
}

/**
 * RFC 7914 scrypt with r = 8 and p = 1, N = 2^`logN`. It needs 2^(logN+10) bytes of memory while it runs: callers cap
 * `logN` before they call.
 */
export function scrypt(
  passphrase: SecretBytes,
  salt: Uint8Array,
  logN: number,
  sizeBytes: number,
): Promise<SecretBytes> {
  const cost = 2 ** logN;
  const blockSize = 8;
  const maxmem = 128 * blockSize * (cost + 8); // node refuses unless maxmem > 128·N·r
  return new Promise((resolve, reject) => {
    nodeScrypt(passphrase.expose(), salt, sizeBytes, { cost, blockSize, parallelization: 1, maxmem }, (error, key) => {
      if (error) reject(fault("scrypt could not run", error));
      else resolve(SecretBytes.take(key));
    });
  });
}
