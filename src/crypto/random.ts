import { randomFillSync } from "node:crypto";
import { SecretBytes } from "./secret-bytes.js";

/** `sizeBytes` bytes from the operating system's generator. */
export function randomBytes(sizeBytes: number): Uint8Array {
  return randomFillSync(new Uint8Array(sizeBytes));
}

export function randomSecret(sizeBytes: number): SecretBytes {
  return SecretBytes.take(randomBytes(sizeBytes));
}
