/** age.md "The scrypt recipient type". */
import { concat, utf8 } from "../bytes.js";
import { passphraseWrong, readableLogNCap, scrypt, writtenLogN } from "../crypto/key-derivation.js";
import { randomBytes } from "../crypto/random.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { assertFileKeyBody, unwrapFileKey, wrapFileKey } from "./file-key.js";
import { headerMalformed } from "./refusals.js";
import type { Stanza } from "./stanza.js";

export const passphraseStanzaType = "scrypt";
const label = utf8("age-encryption.org/v1/scrypt");
const saltSizeBytes = 16;

export async function wrapWithPassphrase(fileKey: SecretBytes, passphrase: SecretBytes): Promise<Stanza> {
  if (passphrase.sizeBytes === 0) throw fault("an empty passphrase was not refused");
  const salt = randomBytes(saltSizeBytes);
  const wrapKey = await scrypt(passphrase, concat(label, salt), writtenLogN, 32);
  try {
    const args = [encodeBase64(salt), String(writtenLogN)];
    return { type: passphraseStanzaType, args, body: wrapFileKey(fileKey, wrapKey) };
  } finally {
    wrapKey.wipe();
  }
}

/** The file key of an scrypt stanza. Throws HEADER_MALFORMED, PASSPHRASE_WRONG. */
export async function unwrapPassphraseStanza(stanza: Stanza, passphrase: SecretBytes): Promise<SecretBytes> {
  const [encodedSalt, digits] = stanza.args;
  const salt = decodeBase64(encodedSalt ?? "");
  if (stanza.args.length !== 2 || salt?.length !== saltSizeBytes) {
    throw headerMalformed("a passphrase entry has the wrong form");
  }
  // "a decimal number composed of only digits with no leading zeroes"
  const logN = /^[1-9][0-9]*$/.test(digits ?? "") ? Number(digits) : Infinity;
  if (logN > readableLogNCap) throw headerMalformed("a passphrase entry has a work factor that is not allowed");
  assertFileKeyBody(stanza);
  const wrapKey = await scrypt(passphrase, concat(label, salt), logN, 32);
  try {
    const fileKey = unwrapFileKey(stanza, wrapKey);
    if (fileKey === undefined) throw passphraseWrong();
    return fileKey;
  } finally {
    wrapKey.wipe();
  }
}
