import type { SecretBytes } from "../crypto/secret-bytes.js";
import type { Header } from "./header.js";
import type { Identity } from "./identity.js";
import { passphraseStanzaType, unwrapPassphraseStanza } from "./passphrase.js";
import { headerMalformed, notAddressedToUs } from "./refusals.js";
import type { Stanza } from "./stanza.js";

/**
 * The file key, from the first of our identities that a stanza is for. Throws NOT_ADDRESSED_TO_US, HEADER_MALFORMED.
 * The header's MAC is checked by `open`, as soon as it has the file key.
 */
export function unwrapWithIdentities(
  header: Header,
  identities: readonly Identity[],
): { fileKey: SecretBytes; identity: Identity } {
  lonePassphraseStanza(header);
  for (const identity of identities) {
    for (const stanza of header.stanzas) {
      const fileKey = identity.unwrap(stanza);
      if (fileKey !== undefined) return { fileKey, identity };
    }
  }
  throw notAddressedToUs("none of our keys opens this file");
}

/** The file key. Throws PASSPHRASE_WRONG, HEADER_MALFORMED, and NOT_ADDRESSED_TO_US when no passphrase would do. */
export async function unwrapWithPassphrase(header: Header, passphrase: SecretBytes): Promise<SecretBytes> {
  const stanza = lonePassphraseStanza(header);
  if (stanza === undefined) throw notAddressedToUs("this file is not protected by a passphrase");
  return unwrapPassphraseStanza(stanza, passphrase);
}

/** "An scrypt stanza, if present, MUST be the only stanza in the header." */
function lonePassphraseStanza(header: Header): Stanza | undefined {
  const stanza = header.stanzas.find(({ type }) => type === passphraseStanzaType);
  if (stanza !== undefined && header.stanzas.length !== 1) {
    throw headerMalformed("a passphrase entry stands beside another entry");
  }
  return stanza;
}
