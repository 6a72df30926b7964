import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { readIdentityFile } from "../age/identity-file.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";
import type { Card } from "./card.js";
import { Home } from "./home.js";
import { readSmallFile } from "./small-file.js";
import { keyFileCapBytes } from "./unit-keys.js";

/**
 * Refuses recipients whose private key lies in this unit's home: whoever gets hold of this machine and of a lost disc
 * would open it. That is the own card's key while its file is here, and the key in any file, whosever it is and whoever
 * may read it, where no passphrase keeps it from being looked at. Throws RECIPIENT_KEY_HERE.
 */
export async function refuseRecipientKeyHere(
  homePath: string,
  own: Card,
  recipients: readonly { readonly recipient: string }[],
): Promise<void> {
  const { receivingKey, path } = Home.at(homePath);
  const isHere = await lstat(receivingKey).catch(() => undefined);
  const openable = new Set(isHere === undefined ? [] : [own.recipient]);
  for (const name of await readdir(path).catch(() => [])) {
    for (const recipient of await unprotectedIn(join(path, name))) openable.add(recipient);
  }
  if (!recipients.some(({ recipient }) => openable.has(recipient))) return;
  throw new EvsealError("RECIPIENT_KEY_HERE", "the private key of a recipient is on this machine", {
    hint:
      "leave your own unit out: for a recovery copy make a unit of its own, whose keys are kept elsewhere; " +
      "a key in this home that is another unit's was copied here by mistake",
  });
}

/** The recipients that a file opens for; none where it has a passphrase, or is no key file. A link leads to one too. */
async function unprotectedIn(file: string): Promise<readonly string[]> {
  const unusable = (): Error => new Error("it cannot be looked into");
  try {
    const { bytes } = await readSmallFile(await realpath(file), keyFileCapBytes, unusable);
    const content = SecretBytes.take(bytes);
    try {
      const identities = await readIdentityFile(content, () => Promise.reject(unusable()));
      return identities.map((identity) => {
        const { encoded } = identity.recipient;
        identity.wipe();
        return encoded;
      });
    } finally {
      content.wipe();
    }
  } catch {
    return [];
  }
}
