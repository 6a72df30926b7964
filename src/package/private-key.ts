/** The kinds of private key that never belong on a disc, as a person calls them. */
export type PrivateKeyKind = "an age private key" | "a minisign private key" | "a private key" | "a protected key file";

/** How much of a file's beginning and end is searched: a key pasted into a longer file stands at one of them. */
export const keySearchSizeBytes = 64 * 1024;

const protectedStart = "age-encryption.org/v1\n-> scrypt ";
const protectedArmor = Buffer.from(protectedStart).subarray(0, 30).toString("base64");

/** What each kind begins with; one pattern, so that a file's bytes are gone through once. */
const privateKey = new RegExp(
  [
    // age.md "Bech32" allows all capitals and all small letters; the hybrid kind begins `AGE-SECRET-KEY-PQ-1`.
    /(?<age>AGE-SECRET-KEY-(?:PQ-)?1|age-secret-key-(?:pq-)?1)/,
    // minisign(1) "Secret key format": the base64 of `Ed`, then `Sc` or zeros, then `B2`.
    /(?<minisign>RWRTY0Iy|RWQAAEIy)/,
    // RFC 7468; PKCS #8, OpenSSH, RSA, EC and PGP all say PRIVATE KEY in their first line.
    /(?<other>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-)/,
    // An age file under a passphrase, plain and as its armor: what protects private keys.
    new RegExp(`(?<protected>^${protectedStart}|-----BEGIN AGE ENCRYPTED FILE-----\\s{0,40}${protectedArmor})`),
  ]
    .map(({ source }) => source)
    .join("|"),
);

/** What private key stands in `bytes`, the beginning or the end of a file, as text of UTF-8 or UTF-16; else undefined. */
export function privateKeyIn(bytes: Uint8Array): PrivateKeyKind | undefined {
  const found = privateKey.exec(textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)))?.groups;
  if (found === undefined) return undefined;
  if (found["age"] !== undefined) return "an age private key";
  if (found["minisign"] !== undefined) return "a minisign private key";
  return found["other"] === undefined ? "a protected key file" : "a private key";
}

/** Text of UTF-16, as Windows editors save it with or without a mark; anything else with a character for each byte. */
function textOf(bytes: Buffer): string {
  const beginning = bytes.toString("latin1", 0, 8);
  const wide = bytes.subarray(0, bytes.length & ~1);
  if (/^(\u00ff\u00fe|([\t-~]\0){4})/.test(beginning)) return fromWide(wide);
  return /^(\u00fe\u00ff|(\0[\t-~]){4})/.test(beginning)
    ? fromWide(Buffer.from(wide).swap16())
    : bytes.toString("latin1");
}

function fromWide(littleEndian: Buffer): string {
  return littleEndian.toString("utf16le").replace(/^\ufeff/, "");
}
