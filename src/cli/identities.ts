import type { Identity } from "../age/identity.js";
import { Home } from "../keys/home.js";
import { loadIdentities } from "../keys/unit-keys.js";
import { unlock, type PassphraseOptions } from "./passphrase-source.js";
import type { Session } from "./session.js";

/** The options of the commands that decrypt. */
export interface IdentityOptions extends PassphraseOptions {
  readonly identity?: string;
}

/** Runs `work` with the identities to decrypt with: the file named, or this unit's own. They are wiped after it. */
export async function withIdentities<T>(
  session: Session,
  options: IdentityOptions,
  work: (identities: readonly Identity[]) => Promise<T>,
): Promise<T> {
  const file = options.identity ?? Home.at(session.homePath).receivingKey;
  const identities = await unlock(session, options, "the receiving key", (ask) => loadIdentities(file, ask));
  try {
    return await work(identities);
  } finally {
    for (const identity of identities) identity.wipe();
  }
}
