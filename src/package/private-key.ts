/** The kinds of private key that never belong on a disc, as a person calls them. */
export type PrivateKeyKind = "an age private key" | "a minisign private key" | "a private key" | "a protected key file";

/** How much of a file's beginning and end is searched: a key pasted into a longer file stands at one of them. */
export const keySearchSizeBytes = 64 * 1024;

/** age.md "Bech32" allows all capitals and all small letters; the hybrid kind begins `AGE-SECRET-KEY-PQ-1`. */
const ageIdentities = ["AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "age-secret-key-1", "age-secret-key-pq-1"];
/** RFC 7468; PKCS #8, OpenSSH, RSA, EC and PGP all say PRIVATE KEY in their first line. */
const pemStart = "-----BEGIN ";
const pemOfPrivateKey = /^[A-Z0-9 ]{0,40}PRIVATE KEY/;
/** minisign(1) "Secret key format": the base64 of `Ed`, then `Sc` or zeros, then `B2`. */
const minisignKeys = ["RWRTY0Iy", "RWQAAEIy"];
const putty = "PuTTY-User-Key-File-";
/** An age file under a passphrase, plain and as the base64 of its armor: what protects private keys. */
const protectedStart = "age-encryption.org/v1\n-> scrypt ";
const armoredStart = "-----BEGIN AGE ENCRYPTED FILE-----";
const armoredProtected = Buffer.from(protectedStart).subarray(0, 30).toString("base64");

/** What private key stands in `bytes`, the beginning or the end of a file, as text of UTF-8 or UTF-16; else undefined. */
export function privateKeyIn(bytes: Uint8Array): PrivateKeyKind | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const narrow = asNarrow(text);
  if (ageIdentities.some((start) => narrow.includes(start))) return "an age private key";
  if (minisignKeys.some((start) => narrow.includes(start))) return "a minisign private key";
  if (narrow.includes(putty) || hasPrivatePem(narrow)) return "a private key";
  const isProtected = startsWith(narrow, protectedStart) || isArmoredProtected(narrow);
  return isProtected ? "a protected key file" : undefined;
}

function hasPrivatePem(text: Buffer): boolean {
  for (let at = text.indexOf(pemStart); at !== -1; at = text.indexOf(pemStart, at + pemStart.length)) {
    const rest = text.toString("latin1", at + pemStart.length, at + pemStart.length + 64);
    if (pemOfPrivateKey.test(rest)) return true;
  }
  return false;
}

function isArmoredProtected(text: Buffer): boolean {
  const at = text.indexOf(armoredStart);
  if (at === -1) return false;
  const body = text.toString("latin1", at + armoredStart.length, at + armoredStart.length + 80).trimStart();
  return body.startsWith(armoredProtected);
}

/** Text of UTF-16, as Windows editors save it with or without a mark, in one byte a character; else `text` itself. */
function asNarrow(text: Buffer): Buffer {
  const beginning = text.toString("latin1", 0, 8);
  const wide = text.subarray(0, text.length & ~1);
  if (/^(\u00ff\u00fe|([\t-~]\0){4})/.test(beginning)) return narrowed(wide);
  return /^(\u00fe\u00ff|(\0[\t-~]){4})/.test(beginning) ? narrowed(Buffer.from(wide).swap16()) : text;
}

function narrowed(wide: Buffer): Buffer {
  return Buffer.from(wide.toString("utf16le").replace(/^\ufeff/, ""), "latin1");
}

function startsWith(text: Buffer, start: string): boolean {
  return text.toString("latin1", 0, start.length) === start;
}
