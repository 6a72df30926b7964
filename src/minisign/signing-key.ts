import { concat, equal, utf8 } from "../bytes.js";
import { equalInConstantTime } from "../crypto/digest.js";
import { passphraseWrong, readableLogNCap, scrypt, writtenLogN } from "../crypto/key-derivation.js";
import { KeyFile } from "../crypto/key-file.js";
import { randomBytes, randomSecret } from "../crypto/random.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import { ed25519KeyPair, ed25519Sign } from "../crypto/sodium.js";
import { EvsealError } from "../errors.js";
import { decodeBase64, encodeBase64 } from "./base64.js";
import { keyLine, untrustedPrefix } from "./key-line.js";
import { MinisignPublicKey } from "./public-key.js";
import { limitsFor, logCostOf } from "./scrypt-limits.js";
import { checksumOf, secretKeyFields, secretKeyRecordSizeBytes, type SecretKeyFields } from "./secret-key-record.js";

const signatureAlgorithm = utf8("Ed");
const checksumAlgorithm = utf8("B2");
const derivation = { scrypt: utf8("Sc"), none: new Uint8Array(2) };

/** libsodium's interactive cost: no program that makes minisign keys uses less. */
const readableLogNFloor = 14;

/** A minisign secret key, unlocked. Whoever was handed it calls `wipe()`. */
export class SigningKey {
  readonly publicKey: MinisignPublicKey;
  /** libsodium's 64 bytes: seed and public key. */
  readonly #secretKey: SecretBytes;

  private constructor(publicKey: MinisignPublicKey, secretKey: SecretBytes) {
    this.publicKey = publicKey;
    this.#secretKey = secretKey;
  }

  static fromSeed(keyId: Uint8Array, seed: SecretBytes): SigningKey {
    const { publicKey, secretKey } = ed25519KeyPair(seed);
    return new SigningKey(MinisignPublicKey.of(keyId, publicKey), secretKey);
  }

  /** The 64-byte Ed25519 signature of `message` as it is; `sign.ts` makes the file. */
  signRaw(message: Uint8Array): Uint8Array {
    return ed25519Sign(message, this.#secretKey);
  }

  /** The 64 bytes themselves, for the key file alone. */
  exposeSecretKey(): Uint8Array {
    return this.#secretKey.expose();
  }

  wipe(): void {
    this.#secretKey.wipe();
  }
}

export function generateSigningKey(): SigningKey {
  const seed = randomSecret(32);
  try {
    return SigningKey.fromSeed(randomBytes(8), seed);
  } finally {
    seed.wipe();
  }
}

/**
 * A minisign secret key file, under a passphrase or not. The passphrase is asked for only if it is needed; content and
 * passphrase stay the caller's to wipe, the key becomes the caller's. Throws KEY_UNUSABLE, PASSPHRASE_WRONG,
 * PASSPHRASE_MISSING for an empty one, and whatever `passphrase` throws.
 */
export async function readSigningKeyFile(
  content: SecretBytes,
  passphrase: () => Promise<SecretBytes>,
): Promise<SigningKey> {
  const line = keyLine(content.expose());
  const decoded = line?.length === 212 ? decodeBase64(line) : undefined;
  if (decoded?.length !== secretKeyRecordSizeBytes) throw unusable("is not a minisign secret key");
  const record = SecretBytes.take(decoded);
  try {
    const fields = secretKeyFields(record.expose());
    await unlock(fields, passphrase);
    return keyOf(fields);
  } finally {
    record.wipe();
  }
}

/** Leaves the body of `fields` in the clear, its checksum verified. */
async function unlock(fields: SecretKeyFields, passphrase: () => Promise<SecretBytes>): Promise<void> {
  if (!equal(fields.signatureAlgorithm, signatureAlgorithm) || !equal(fields.checksumAlgorithm, checksumAlgorithm)) {
    throw unusable("is of a kind that evseal does not know");
  }
  if (equal(fields.derivation, derivation.none)) {
    // "minisign -G -W" leaves the checksum zero, "minisign -C -W" keeps the right one.
    const checksumGiven = fields.checksum.some((byte) => byte !== 0);
    if (checksumGiven && !checksumMatches(fields)) throw unusable("is damaged");
    return;
  }
  if (!equal(fields.derivation, derivation.scrypt)) throw unusable("is protected in a way that evseal does not know");
  await combineWithKeyStream(fields, await passphrase());
  // An altered file and a wrong passphrase look the same: the checksum lies under the passphrase, too.
  if (!checksumMatches(fields)) {
    throw passphraseWrong();
  }
}

function checksumMatches(fields: SecretKeyFields): boolean {
  return equalInConstantTime(checksumOf(fields), fields.checksum);
}

function keyOf(fields: SecretKeyFields): SigningKey {
  const seed = SecretBytes.copyOf(fields.secretKey.subarray(0, 32));
  try {
    const key = SigningKey.fromSeed(fields.keyId, seed);
    // Signing with a public half that is not the seed's own gives the seed away.
    if (equalInConstantTime(key.exposeSecretKey(), fields.secretKey)) return key;
    key.wipe();
    throw unusable("is damaged");
  } finally {
    seed.wipe();
  }
}

/** The key file as minisign reads it, under the passphrase if there is one, which the caller wipes. */
export async function encodeSigningKeyFile(key: SigningKey, passphrase?: SecretBytes): Promise<KeyFile> {
  const record = SecretBytes.take(new Uint8Array(secretKeyRecordSizeBytes));
  try {
    const fields = secretKeyFields(record.expose());
    fields.signatureAlgorithm.set(signatureAlgorithm);
    fields.checksumAlgorithm.set(checksumAlgorithm);
    fields.keyId.set(key.publicKey.keyId);
    fields.secretKey.set(key.exposeSecretKey());
    fields.checksum.set(checksumOf(fields));
    if (passphrase !== undefined) await lock(fields, passphrase);
    const comment = `${untrustedPrefix}minisign ${passphrase === undefined ? "" : "encrypted "}secret key\n`;
    const encoded = SecretBytes.take(encodeBase64(record.expose()));
    const file = new KeyFile(SecretBytes.take(concat(utf8(comment), encoded.expose(), utf8("\n"))));
    encoded.wipe();
    return file;
  } finally {
    record.wipe();
  }
}

async function lock(fields: SecretKeyFields, passphrase: SecretBytes): Promise<void> {
  const { operations, memoryBytes } = limitsFor(writtenLogN);
  fields.derivation.set(derivation.scrypt);
  fields.salt.set(randomBytes(fields.salt.length));
  fields.limits.setBigUint64(0, operations, true);
  fields.limits.setBigUint64(8, memoryBytes, true);
  await combineWithKeyStream(fields, passphrase);
}

/** XORs the body with the passphrase's key stream: locks what is unlocked and unlocks what is locked. */
async function combineWithKeyStream(fields: SecretKeyFields, passphrase: SecretBytes): Promise<void> {
  if (passphrase.sizeBytes === 0) {
    throw new EvsealError("PASSPHRASE_MISSING", "the passphrase is empty", { hint: "type the key's passphrase" });
  }
  const logCost = logCostOf(fields.limits.getBigUint64(0, true), fields.limits.getBigUint64(8, true));
  if (logCost === undefined || logCost < readableLogNFloor || logCost > readableLogNCap) {
    throw unusable("asks for more or less work than evseal allows to unlock it");
  }
  const keyStream = await scrypt(passphrase, fields.salt, logCost, fields.body.length);
  try {
    for (const [index, byte] of keyStream.expose().entries()) fields.body[index] = (fields.body[index] ?? 0) ^ byte;
  } finally {
    keyStream.wipe();
  }
}

function unusable(complaint: string): EvsealError {
  return new EvsealError("KEY_UNUSABLE", `the signing key file ${complaint}`, {
    hint: "use the unit's backup of its signing key",
  });
}
