/** age-encryption ("typage") is age's own author's implementation in TypeScript: each must read what the other wrote. */
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { encodeIdentityFile, readIdentityFile } from "../../src/age/identity-file.js";
import { generateIdentity, parseIdentity, type Identity } from "../../src/age/identity.js";
import { parseRecipient, type Recipient, type RecipientKind } from "../../src/age/recipient.js";
import { Plaintext, seal, sealWithPassphrase } from "../../src/age/seal.js";
import { unwrapWithPassphrase } from "../../src/age/unwrap.js";
import { bytesOf, pattern, whole } from "./pieces.js";
import { openBytes, unlockWith } from "./sealed-files.js";

const sizes = [0, 1, 65535, 65536, 65537, 131072, 200000];
const kinds: readonly RecipientKind[] = ["X25519", "mlkem768x25519"];
const passphrase = "correct horse battery staple \u00e9\u{1f512}";

describe.each(kinds)("%s", (kind) => {
  it.each(sizes)("typage opens our %i bytes", async (size) => {
    const identity = generateIdentity(kind);
    const sealed = await bytesOf(seal(Plaintext.of(whole(pattern(size))), [identity.recipient]).chunks());
    expect(Buffer.from(await opener(identity).decrypt(sealed)).equals(pattern(size))).toBe(true);
  });

  it.each(sizes)("we open typage's %i bytes", async (size) => {
    const identity = await typageIdentity(kind);
    const sealed = await sealer(identity.recipient).encrypt(pattern(size));
    const { bytes, error } = await openBytes(whole(sealed), unlockWith(identity));
    expect(error).toBeUndefined();
    expect(bytes.equals(pattern(size))).toBe(true);
  });

  it("each of several recipients opens, on both sides", async () => {
    const identities = [generateIdentity(kind), await typageIdentity(kind), generateIdentity(kind)];
    const recipients = identities.map(({ recipient }) => recipient);
    const ours = await bytesOf(seal(Plaintext.of(whole(pattern(70_000))), recipients).chunks());
    const theirs = await sealer(...recipients).encrypt(pattern(70_000));
    for (const identity of identities) {
      expect(Buffer.from(await opener(identity).decrypt(ours)).equals(pattern(70_000))).toBe(true);
      expect((await openBytes(whole(theirs), unlockWith(identity))).bytes.equals(pattern(70_000))).toBe(true);
    }
    await expect(opener(generateIdentity(kind)).decrypt(ours)).rejects.toThrow(/no identity matched/);
    const stranger = await openBytes(whole(theirs), unlockWith(generateIdentity(kind)));
    expect(stranger.error).toMatchObject({ code: "NOT_ADDRESSED_TO_US" });
  });

  it("agrees on the recipient that belongs to an identity", async () => {
    const identity = generateIdentity(kind);
    expect(await identityToRecipient(spelled(identity))).toBe(identity.recipient.encoded);
    expect(parseRecipient(identity.recipient.encoded).encoded).toBe(identity.recipient.encoded);
  });
});

describe("passphrase", () => {
  it("typage opens ours", async () => {
    const sealed = await sealWithPassphrase(Plaintext.of(whole(pattern(70_000))), secret(passphrase));
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const opened = await decrypter.decrypt(await bytesOf(sealed.chunks()));
    expect(Buffer.from(opened).equals(pattern(70_000))).toBe(true);
  });

  it.each(sizes)("we open typage's %i bytes", async (size) => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(4);
    const sealed = await encrypter.encrypt(pattern(size));
    const right = await openBytes(whole(sealed), (header) => unwrapWithPassphrase(header, secret(passphrase)));
    expect(right.error).toBeUndefined();
    expect(right.bytes.equals(pattern(size))).toBe(true);
    const wrong = await openBytes(whole(sealed), (header) => unwrapWithPassphrase(header, secret("wrong")));
    expect(wrong.error).toMatchObject({ code: "PASSPHRASE_WRONG" });
  });

  it("is no use where a file has none", async () => {
    const sealed = await sealer(generateIdentity("X25519").recipient).encrypt(pattern(5));
    const { error } = await openBytes(whole(sealed), (header) => unwrapWithPassphrase(header, secret(passphrase)));
    expect(error).toMatchObject({ code: "NOT_ADDRESSED_TO_US" });
  });
});

describe("identity files", () => {
  it("typage opens ours under its passphrase, and finds the identity in it", async () => {
    const identity = generateIdentity("mlkem768x25519");
    const created = new Date();
    const file = await encodeIdentityFile(identity, { created, passphrase: secret(passphrase) });
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const text = await decrypter.decrypt(file.expose(), "text");
    const line = text.split("\n").find((candidate) => candidate.startsWith("AGE-SECRET-KEY-"));
    expect(line).toBe(spelled(identity));
  });

  it("we read typage's identities from a file it protected", async () => {
    const lines = [await generateX25519Identity(), await generateHybridIdentity()];
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(4);
    const file = await encrypter.encrypt(`# two\n${lines.join("\n")}\n`);
    const identities = await readIdentityFile(SecretBytes.take(file), () => Promise.resolve(secret(passphrase)));
    expect(identities.map(spelled)).toEqual(lines);
  });
});

function opener(identity: Identity): Decrypter {
  const decrypter = new Decrypter();
  decrypter.addIdentity(spelled(identity));
  return decrypter;
}

function sealer(...recipients: readonly Recipient[]): Encrypter {
  const encrypter = new Encrypter();
  for (const { encoded } of recipients) encrypter.addRecipient(encoded);
  return encrypter;
}

async function typageIdentity(kind: RecipientKind): Promise<Identity> {
  const text = await (kind === "X25519" ? generateX25519Identity() : generateHybridIdentity());
  const identity = parseIdentity(Buffer.from(text));
  if (identity === undefined) throw new Error(`${text} is not an identity`);
  return identity;
}

function spelled(identity: Identity): string {
  return Buffer.from(identity.encode().expose()).toString();
}

function secret(text: string): SecretBytes {
  return SecretBytes.take(Buffer.from(text));
}
