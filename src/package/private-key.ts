/** The kinds of private key that never belong on a disc, as a person calls them. */
export type PrivateKeyKind = "an age private key" | "a minisign private key" | "a private key" | "a protected key file";

/** How much of a file's beginning and end is searched: a key pasted into a longer file stands at one of them. */
export const keySearchSizeBytes = 64 * 1024;

/** What each kind begins with. */
const beginnings = [
  // age.md "Bech32" allows all capitals and all small letters; the hybrid kind begins `AGE-SECRET-KEY-PQ-1`.
  /(?<age>AGE-SECRET-KEY-(?:PQ-)?1|age-secret-key-(?:pq-)?1)/,
  // minisign(1) "Secret key format": the base64 of `Ed`, then `Sc` or zeros, then `B2`.
  /(?<minisign>RWRTY0Iy|RWQAAEIy)/,
  // RFC 7468; PKCS #8, OpenSSH, RSA, EC and PGP all say PRIVATE KEY in their first line.
  /(?<other>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-)/,
  // An age file under a passphrase, plain and as its armor, which begins with the base64 of the same: both protect keys.
  /(?<protected>^age-encryption\.org\/v1\n-> scrypt |-----BEGIN AGE ENCRYPTED FILE-----\s{0,40}YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0\+IHNjcnlw)/,
];
/** Two letters that one of them begins with, each in more bytes than it needs: as UTF-16 has them. */
const wideBeginning = /(?:A\0+G|a\0+g|R\0+W|P\0+u|-\0+-)\0/;

const privateKey = anyOf(beginnings);
/** One pattern, so that the bytes of most files are gone through once. */
const suspicion = anyOf([...beginnings, wideBeginning]);

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"));
}

/** What private key stands in `bytes`, the beginning or the end of a file, as text of UTF-8 or UTF-16; else undefined. */
export function privateKeyIn(bytes: Uint8Array): PrivateKeyKind | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (!suspicion.test(text)) return undefined;
  const found = privateKey.exec(text) ?? privateKey.exec(narrowed(text));
  if (found?.groups === undefined) return undefined;
  if (found.groups["age"] !== undefined) return "an age private key";
  if (found.groups["minisign"] !== undefined) return "a minisign private key";
  return found.groups["other"] === undefined ? "a protected key file" : "a private key";
}

/** A key is ASCII: in UTF-16 of either order, wherever it begins, every second of its bytes is zero. */
function narrowed(text: string): string {
  return text.replace(/^(\u00ff\u00fe|\u00fe\u00ff)/, "").replaceAll("\0", "");
}
