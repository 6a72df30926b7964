import { SecretBytes } from "../../src/crypto/secret-bytes.js";

/** Bytes of hex digits; white space is left out. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replace(/\s/g, ""), "hex"));
}

export function secret(digits: string): SecretBytes {
  return SecretBytes.take(hex(digits));
}

export function toHex(bytes: Uint8Array | SecretBytes | undefined): string | undefined {
  const exposed = bytes instanceof SecretBytes ? bytes.expose() : bytes;
  return exposed === undefined ? undefined : Buffer.from(exposed).toString("hex");
}
