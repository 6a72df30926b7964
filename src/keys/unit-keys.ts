import { generateIdentity, type Identity } from "../age/identity.js";
import { encodeIdentityFile, readIdentityFile } from "../age/identity-file.js";
import type { RecipientKind } from "../age/recipient.js";
import type { KeyFile } from "../crypto/key-file.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";
import {
  encodeSigningKeyFile,
  generateSigningKey,
  readSigningKeyFile,
  type SigningKey,
} from "../minisign/signing-key.js";
import { instantOf } from "../package/text-field.js";
import { cardCapBytes, encodeCard, parseCard, type Card } from "./card.js";
import type { Home } from "./home.js";
import { refuseExistingKeys, writeKeySet } from "./key-set.js";
import { readSmallFile } from "./small-file.js";

export interface NewUnit {
  readonly unit: string;
  readonly kind: RecipientKind;
  readonly created: Date;
  readonly expires: Date;
  /** Protects both private keys; the caller wipes it. Without one they are written as they are. */
  readonly passphrase?: SecretBytes | undefined;
  /** Keys to take over instead of making new ones (`kind` then does not matter); the caller wipes them. */
  readonly existing?:
    { readonly identity?: Identity | undefined; readonly signingKey?: SigningKey | undefined } | undefined;
}

/**
 * Makes the unit's keys and its card, all of the files or none. Throws OUTPUT_EXISTS when any of them is there,
 * PASSPHRASE_MISSING for an empty one, CARD_UNUSABLE for a name or dates that no card may have, OUTPUT_NO_SPACE,
 * OUTPUT_FAILED.
 */
export async function createUnitKeys(home: Home, unit: NewUnit): Promise<Card> {
  if (unit.passphrase?.sizeBytes === 0) {
    throw new EvsealError("PASSPHRASE_MISSING", "the passphrase is empty", { hint: "type a passphrase" });
  }
  await refuseExistingKeys(home);
  const { identity: oldIdentity, signingKey: oldSigningKey } = unit.existing ?? {};
  const identity = oldIdentity ?? generateIdentity(unit.kind);
  const signingKey = oldSigningKey ?? generateSigningKey();
  try {
    const card: Card = {
      format: "evseal/card/v1",
      unit: unit.unit,
      recipient: identity.recipient.encoded,
      signingKey: signingKey.publicKey.encoded,
      created: instantOf(unit.created),
      expires: instantOf(unit.expires),
    };
    await writeKeys(home, card, { ...unit, identity, signingKey });
    return card;
  } finally {
    if (identity !== oldIdentity) identity.wipe();
    if (signingKey !== oldSigningKey) signingKey.wipe();
  }
}

async function writeKeys(
  home: Home,
  card: Card,
  { identity, signingKey, created, passphrase }: NewUnit & { identity: Identity; signingKey: SigningKey },
): Promise<void> {
  const encodedCard = encodeCard(card);
  const keyFiles: KeyFile[] = [];
  const toBeWiped = (file: KeyFile): KeyFile => {
    keyFiles.push(file);
    return file;
  };
  try {
    await writeKeySet(home, {
      receivingKey: toBeWiped(await encodeIdentityFile(identity, { created, ...(passphrase && { passphrase }) })),
      signingKey: toBeWiped(await encodeSigningKeyFile(signingKey, passphrase)),
      signingPublicKey: signingKey.publicKey,
      card: encodedCard,
    });
  } finally {
    for (const file of keyFiles) file.wipe();
  }
}

const noKeysHint = "run evseal keygen; if this unit has keys somewhere else, name their folder in EVSEAL_HOME";

/** The unit's own card. Throws KEYS_MISSING, CARD_UNUSABLE. */
export async function loadCard(home: Home): Promise<Card> {
  const { bytes } = await readSmallFile(home.card, cardCapBytes, (problem, cause) =>
    problem === "is not there"
      ? new EvsealError("KEYS_MISSING", "this unit has no keys yet", { hint: noKeysHint, cause })
      : new EvsealError("CARD_UNUSABLE", `the unit's own card ${problem}`, {
          hint: "put its backup in its place",
          cause,
        }),
  );
  return parseCard(bytes);
}

/** The identities in a key file, which the caller wipes. Throws KEYS_MISSING, KEY_UNUSABLE, PASSPHRASE_WRONG. */
export async function loadIdentities(file: string, passphrase: () => Promise<SecretBytes>): Promise<Identity[]> {
  return await loadKey(file, passphrase, readIdentityFile, (identities) => {
    for (const identity of identities) identity.wipe();
  });
}

/** The signing key, which the caller wipes. Throws KEYS_MISSING, KEY_UNUSABLE, PASSPHRASE_WRONG, PASSPHRASE_MISSING. */
export async function loadSigningKey(file: string, passphrase: () => Promise<SecretBytes>): Promise<SigningKey> {
  return await loadKey(file, passphrase, readSigningKeyFile, (key) => {
    key.wipe();
  });
}

/** Larger than any key file, and than any that is looked for. */
export const keyFileCapBytes = 64 * 1024;

/** Like ssh, does not use a private key that others can read, unless a passphrase protects it. */
async function loadKey<Key>(
  path: string,
  passphrase: () => Promise<SecretBytes>,
  read: (content: SecretBytes, passphrase: () => Promise<SecretBytes>) => Promise<Key>,
  wipe: (key: Key) => void,
): Promise<Key> {
  const { bytes, isOpenToOthers } = await readSmallFile(path, keyFileCapBytes, (problem, cause) =>
    problem === "is not there"
      ? new EvsealError("KEYS_MISSING", "the key file is not there", {
          hint: noKeysHint,
          cause,
        })
      : keyUnusable(path, problem, "name the key file itself, and check that you may read it", cause),
  );
  const content = SecretBytes.take(bytes);
  try {
    const found = { isProtected: false };
    const key = await read(content, async () => {
      found.isProtected = true;
      return await passphrase();
    });
    if (found.isProtected || !isOpenToOthers) return key;
    wipe(key);
    throw keyUnusable(
      path,
      "has no passphrase and others can read it",
      "take their access away: chmod 600 on the file",
    );
  } finally {
    content.wipe();
  }
}

function keyUnusable(path: string, complaint: string, hint: string, cause?: unknown): EvsealError {
  return new EvsealError("KEY_UNUSABLE", `the key file ${complaint}`, { hint, subject: path, cause });
}
