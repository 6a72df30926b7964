import { lstat } from "node:fs/promises";
import { EvsealError } from "../errors.js";
import type { Card } from "./card.js";
import { Home } from "./home.js";
import { loadIdentities } from "./unit-keys.js";

/**
 * Refuses recipients whose private key lies in this unit's home: whoever gets hold of this machine and of a lost disc
 * would open it. That is the own card's key while its file is here, and the key in that file, whosever it is, where no
 * passphrase keeps it from being looked at. Throws RECIPIENT_KEY_HERE.
 */
export async function refuseRecipientKeyHere(
  homePath: string,
  own: Card,
  recipients: readonly { readonly recipient: string }[],
): Promise<void> {
  const { receivingKey } = Home.at(homePath);
  const isHere = await lstat(receivingKey).catch(() => undefined);
  if (isHere === undefined) return;
  const openable = new Set([own.recipient, ...(await unprotectedIn(receivingKey))]);
  if (!recipients.some(({ recipient }) => openable.has(recipient))) return;
  throw new EvsealError("RECIPIENT_KEY_HERE", "the private key of a recipient is on this machine", {
    hint:
      "leave your own unit out: for a recovery copy make a unit of its own, whose keys are kept elsewhere; " +
      "a key in this home that is another unit's was copied here by mistake",
  });
}

/** The recipients that a key file opens for; none where it has a passphrase, or cannot be used: others say so. */
async function unprotectedIn(file: string): Promise<readonly string[]> {
  const protectedKey = (): Promise<never> => Promise.reject(new Error("it has a passphrase"));
  const identities = await loadIdentities(file, protectedKey).catch(() => []);
  return identities.map((identity) => {
    const { encoded } = identity.recipient;
    identity.wipe();
    return encoded;
  });
}
