import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { ed25519KeyPair } from "../../src/crypto/sodium.js";
import { EvsealError } from "../../src/errors.js";
import { encodeSigningKeyFile, generateSigningKey, readSigningKeyFile } from "../../src/minisign/signing-key.js";
import { sign } from "../../src/minisign/sign.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { refusal } from "../refusal.js";
import * as minisign from "./made-by-minisign.js";
import { handMade, keyId, neverAsked, passphraseIs, secret, type Parts } from "./secret-key-file.js";

const read = (file: string, passphrase: () => Promise<SecretBytes> = neverAsked) =>
  readSigningKeyFile(secret(file), passphrase);

/** A key pair as libsodium has it: seed and public key. */
const secretKey = ed25519KeyPair(SecretBytes.take(new Uint8Array(32).fill(5))).secretKey.expose();

describe("a signing key file", () => {
  it("is read as minisign -G -W wrote it, without asking for a passphrase, and signs what minisign signed", async () => {
    const key = await read(minisign.unprotectedKeyFile);
    expect(key.publicKey.encoded).toBe(MinisignPublicKey.parseFile(utf8(minisign.publicKeyFile)).encoded);
    const signed = sign(utf8(minisign.document), key, minisign.trustedComment);
    expect(fromUtf8(signed.signature)).toBe(minisign.signatureFile);
  });

  it("is read as minisign -G wrote it, at minisign's own cost of 1 GiB", async () => {
    const { file, passphrase, publicKey } = minisign.protectedKey;
    const key = await read(file, passphraseIs(passphrase));
    expect(key.publicKey.encoded).toBe(publicKey);
  });

  it("comes back from under the passphrase it was written with, and from under no other", async () => {
    const key = generateSigningKey();
    const passphrase = secret("correct horse battery staple");
    const file = fromUtf8((await encodeSigningKeyFile(key, passphrase)).expose());
    expect(file).toMatch(/^untrusted comment: minisign encrypted secret key\nRWRTY0Iy[^\n]{204}\n$/);

    const again = await read(file, () => Promise.resolve(passphrase));
    expect(again.publicKey.encoded).toBe(key.publicKey.encoded);
    expect(again.exposeSecretKey()).toEqual(key.exposeSecretKey());
    await expect(read(file, passphraseIs("correct horse battery stable"))).rejects.toEqual(refusal("PASSPHRASE_WRONG"));
    expect(passphrase.sizeBytes).toBe(28); // still the caller's
    expect(() => passphrase.expose()).not.toThrow();
  });

  it("takes 128 MiB to unlock when evseal wrote it, N = 2^17, under a salt of its own", async () => {
    const [one, two] = [generateSigningKey(), generateSigningKey()];
    const files = await Promise.all([encodeSigningKeyFile(one, secret("pw")), encodeSigningKeyFile(two, secret("pw"))]);
    const records = files.map((file) => Buffer.from(fromUtf8(file.expose()).split("\n")[1] ?? "", "base64"));
    for (const record of records) {
      expect(record.readBigUInt64LE(38)).toBe(32n * 2n ** 17n);
      expect(record.readBigUInt64LE(46)).toBe(1024n * 2n ** 17n);
    }
    const salts = new Set(records.map((record) => record.toString("hex", 6, 38)));
    expect(salts.size).toBe(2);
  });

  it("comes back when it was written without a passphrase", async () => {
    const key = generateSigningKey();
    const file = fromUtf8((await encodeSigningKeyFile(key)).expose());
    expect(file).toMatch(/^untrusted comment: minisign secret key\nRWQAAEIy[^\n]{204}\n$/);
    expect((await read(file)).publicKey.encoded).toBe(key.publicKey.encoded);
  });

  it("is read as other programs write it: a lower cost, the checksum of -C -W, Windows' line ends, no line end", async () => {
    const lower = handMade({ secretKey, passphrase: "pw" });
    expect((await read(lower, passphraseIs("pw"))).publicKey.keyId).toEqual(keyId);
    const unprotected = handMade({ secretKey });
    for (const file of [unprotected, unprotected.replaceAll("\n", "\r\n"), unprotected.trimEnd()]) {
      expect((await read(file)).exposeSecretKey()).toEqual(secretKey);
    }
  });

  it("is refused with an empty passphrase, to write and to read", async () => {
    await expect(encodeSigningKeyFile(generateSigningKey(), secret(""))).rejects.toEqual(refusal("PASSPHRASE_MISSING"));
    await expect(read(handMade({ secretKey, passphrase: "pw" }), passphraseIs(""))).rejects.toEqual(
      refusal("PASSPHRASE_MISSING"),
    );
  });

  it("passes on what asking for the passphrase failed with", async () => {
    const closed = new EvsealError("ANSWER_MISSING", "no answer", { hint: "name the flag" });
    await expect(read(handMade({ secretKey, passphrase: "pw" }), () => Promise.reject(closed))).rejects.toBe(closed);
  });

  const alteredSeed = Uint8Array.from(secretKey).fill(6, 0, 1);
  const alteredPublic = Uint8Array.from(secretKey).fill(6, 40, 41);
  it.each<[string, Parts]>([
    ["another signature algorithm", { secretKey, signatureAlgorithm: "ED" }],
    ["another checksum algorithm", { secretKey, checksumAlgorithm: "B3" }],
    ["another key derivation", { secretKey, derivation: "Ar" }],
    ["a checksum of something else", { secretKey, checksum: new Uint8Array(32).fill(1) }],
    ["a seed that is not the public key's", { secretKey: alteredSeed }],
    ["a public key that is not the seed's, which would give the seed away", { secretKey: alteredPublic }],
    ["the same without a checksum", { secretKey: alteredPublic, checksum: new Uint8Array(32) }],
  ])("is refused with %s", async (_, parts) => {
    await expect(read(handMade(parts))).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });

  it.each<[string, Parts]>([
    ["less work than libsodium's least", { secretKey, derivation: "Sc", operations: 262144n, memoryBytes: 8388608n }],
    ["more than 1 GiB", { secretKey, derivation: "Sc", operations: 67108864n, memoryBytes: 2147483648n }],
    ["all the memory there is", { secretKey, derivation: "Sc", operations: 2n ** 63n, memoryBytes: 2n ** 64n - 1n }],
    ["p other than 1", { secretKey, derivation: "Sc", operations: 1048576n, memoryBytes: 16777216n }],
  ])("is refused, and not tried, when it asks for %s", async (_, parts) => {
    await expect(read(handMade(parts), passphraseIs("pw"))).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });

  it("is refused when cut anywhere, or lengthened", async () => {
    const file = handMade({ secretKey });
    for (let size = 0; size < file.length - 1; size++) {
      await expect(read(file.slice(0, size))).rejects.toEqual(refusal("KEY_UNUSABLE"));
    }
    await expect(read(`${file}\n`)).rejects.toEqual(refusal("KEY_UNUSABLE"));
    await expect(read(`${file}x`)).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });

  it("is refused with any bit of the key, its id or its checksum flipped", async () => {
    const [comment, line] = handMade({ secretKey }).split("\n");
    for (let bit = 54 * 8; bit < 158 * 8; bit++) {
      const record = Buffer.from(line ?? "", "base64");
      record[bit >> 3] = (record[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(read(`${comment ?? ""}\n${record.toString("base64")}\n`)).rejects.toEqual(refusal("KEY_UNUSABLE"));
    }
  });

  it("is never answered with anything but a refusal, whatever it holds", async () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.uint8Array({ minLength: 158, maxLength: 158 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    );
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        await expect(read(`untrusted comment: \n${text}\n`)).rejects.toEqual(refusal("KEY_UNUSABLE"));
      }),
    );
  });
});

describe("a signing key", () => {
  it("is another one each time, with another key id", () => {
    const [one, two] = [generateSigningKey().publicKey, generateSigningKey().publicKey];
    expect(one.key).not.toEqual(two.key);
    expect(one.keyId).not.toEqual(two.keyId);
  });

  it("shows nothing of itself", () => {
    const key = generateSigningKey();
    const hex = Buffer.from(key.exposeSecretKey()).toString("hex");
    expect(JSON.stringify(key)).not.toContain(hex.slice(0, 16));
    expect(Object.keys(key)).toEqual(["publicKey"]);
  });

  it("cannot sign once it is wiped", () => {
    const key = generateSigningKey();
    const memory = key.exposeSecretKey();
    key.wipe();
    expect(memory.every((byte) => byte === 0)).toBe(true);
    expect(() => key.signRaw(new Uint8Array(1))).toThrow(refusal("INTERNAL"));
  });
});
