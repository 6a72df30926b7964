import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { EvsealError } from "../../src/errors.js";
import { encodeIdentityFile, readIdentityFile } from "../../src/age/identity-file.js";
import { generateIdentity, type Identity } from "../../src/age/identity.js";
import { Plaintext, seal, sealWithPassphrase } from "../../src/age/seal.js";
import { bytesOf, whole } from "./pieces.js";
import { refusal } from "./refusal.js";

const created = new Date("2026-11-23T22:10:05.678Z");
const secret = (text: string): SecretBytes => SecretBytes.take(Buffer.from(text));
const neverAsked = (): Promise<SecretBytes> => Promise.reject(new Error("the passphrase was asked for"));
const answer = (text: string) => (): Promise<SecretBytes> => Promise.resolve(secret(text));
const recipientsOf = (identities: readonly Identity[]): string[] =>
  identities.map(({ recipient }) => recipient.encoded);
const spelled = (identity: Identity): string => Buffer.from(identity.encode().expose()).toString();

const hybrid = generateIdentity("mlkem768x25519");
const classic = generateIdentity("X25519");

describe("an identity file in plain text", () => {
  it("is laid out as age-keygen does, and reads as it was written", async () => {
    const file = await encodeIdentityFile(hybrid, { created });
    const text = Buffer.from(file.expose()).toString();
    expect(text).toBe(
      `# created: 2026-11-23T22:10:05Z\n# public key: ${hybrid.recipient.encoded}\n${spelled(hybrid)}\n`,
    );
    expect(recipientsOf(await readIdentityFile(secret(text), neverAsked))).toEqual([hybrid.recipient.encoded]);
    file.wipe();
    expect(await refusal(() => file.expose())).toBe("INTERNAL");
  });

  it.each([
    ["blank lines and comments", (a: string, b: string) => `\n# one\n${a}\n\n#\n${b}\n\n`],
    ["line ends of Windows", (a: string, b: string) => `# one\r\n${a}\r\n\r\n${b}\r\n`],
    ["no line feed at its end", (a: string, b: string) => `${a}\n${b}`],
  ])("may have %s", async (_what, layOut) => {
    const content = secret(layOut(spelled(hybrid), spelled(classic)));
    const identities = await readIdentityFile(content, neverAsked);
    expect(recipientsOf(identities)).toEqual(recipientsOf([hybrid, classic]));
    expect(content.expose().length, "the content stays the caller's").toBeGreaterThan(0);
  });

  it.each([
    ["nothing", ""],
    ["only comments", "# AGE-SECRET-KEY-1\n"],
    ["something that is no key", `${spelled(classic)}\nhello\n`],
    ["a key in lower case", spelled(classic).toLowerCase()],
    ["a key with a space after it", `${spelled(classic)} \n`],
    ["a recipient", classic.recipient.encoded],
    ["a mark of the byte order", `\ufeff${spelled(classic)}`],
    ["another program's key", "AGE-PLUGIN-YUBIKEY-1QQPSQYZ94RVZ8S3LZ0X\n"],
    ["a character exchanged", spelled(classic).replace(/.$/, (last) => (last === "Q" ? "P" : "Q"))],
    ["age's text form", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n"],
  ])("is unusable with %s", async (_what, text) => {
    expect(await refusal(() => readIdentityFile(secret(text), neverAsked))).toBe("KEY_UNUSABLE");
  });

  it("does not say what it holds when it is refused", async () => {
    try {
      await readIdentityFile(secret(`${spelled(classic)}x`), neverAsked);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EvsealError);
      expect(`${String(error)} ${(error as EvsealError).hint}`).not.toContain(spelled(classic).slice(16, 24));
    }
  });
});

describe("an identity file under a passphrase", () => {
  const passphrase = "correct horse battery staple \u00e9";
  const made = encodeIdentityFile(hybrid, { created, passphrase: secret(passphrase) });
  const content = async (): Promise<Buffer> => Buffer.from((await made).expose());

  it("is a binary age file of N = 2^17 that holds the plain text", async () => {
    expect((await content()).toString("latin1")).toMatch(/^age-encryption\.org\/v1\n-> scrypt [^ ]{22} 17\n/);
    expect((await content()).includes(spelled(hybrid).slice(4, 20))).toBe(false);
  });

  it("opens under that passphrase and no other", async () => {
    const read = async (text: string): Promise<Identity[]> =>
      readIdentityFile(SecretBytes.take(await content()), answer(text));
    expect(recipientsOf(await read(passphrase))).toEqual([hybrid.recipient.encoded]);
    expect(await refusal(() => read(`${passphrase} `))).toBe("PASSPHRASE_WRONG");
  });

  it("is unusable once it is altered, cut short or added to", async () => {
    const good = await content();
    for (const bad of [
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.of(1)]),
      Buffer.from(good.toString("latin1").replace(" 17\n", " 21\n"), "latin1"),
      good.subarray(0, 40),
    ]) {
      expect(await refusal(() => readIdentityFile(SecretBytes.take(bad), answer(passphrase)))).toBe("KEY_UNUSABLE");
    }
  });

  it("passes on why no passphrase was given", async () => {
    const reason = new EvsealError("PASSPHRASE_MISSING", "nobody is at the terminal", { hint: "use a file" });
    const refused = readIdentityFile(SecretBytes.take(await content()), () => Promise.reject(reason));
    await expect(refused).rejects.toBe(reason);
  });

  it("is unusable when it is sealed to a recipient instead, or holds no key", async () => {
    const toUs = await bytesOf(seal(Plaintext.of(whole(Buffer.from(spelled(hybrid)))), [classic.recipient]).chunks());
    expect(await refusal(() => readIdentityFile(SecretBytes.take(toUs), answer("x")))).toBe("KEY_UNUSABLE");
    const sealed = await sealWithPassphrase(Plaintext.of(whole(Buffer.from("# empty\n"))), secret("x"));
    const empty = SecretBytes.take(await bytesOf(sealed.chunks()));
    expect(await refusal(() => readIdentityFile(empty, answer("x")))).toBe("KEY_UNUSABLE");
  });
});
