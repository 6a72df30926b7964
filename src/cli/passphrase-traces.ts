import { Sha256 } from "../crypto/digest.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { identityAt, type Identity } from "../output/place.js";
import type { PassphraseOptions } from "./passphrase-source.js";

/** The file that a script gives its passphrase by, also when it is open as a descriptor; undefined without one. */
export async function passphraseFileIdentity({
  passphraseFile,
  passphraseFd,
}: PassphraseOptions): Promise<Identity | undefined> {
  const path = passphraseFile ?? (passphraseFd === undefined ? undefined : `/dev/fd/${passphraseFd}`);
  return path === undefined ? undefined : await identityAt(path);
}

/** The SHA-256 of each file that holds the passphrase and nothing else: editors end its line in these ways. */
export function hashesOfPassphraseFile(passphrase: SecretBytes): readonly string[] {
  return ["", "\n", "\r\n"].map((end) => new Sha256().update(passphrase.expose()).update(Buffer.from(end)).hex());
}
