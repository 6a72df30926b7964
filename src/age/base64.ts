/** Standard base64 without padding (RFC 4648 section 4, as age.md uses it throughout). For public values only. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64").replace(/=+$/, "");
}

/**
 * The bytes, or undefined unless `text` is the one canonical encoding of them (RFC 4648 section 3.5): padding, other
 * alphabets, white space and stray bits at the end are all refused, since none survives encoding again.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return encodeBase64(bytes) === text ? bytes : undefined;
}
