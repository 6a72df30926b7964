import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { afterAll, describe, expect, it, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { privateKeyIn } from "../../src/package/private-key.js";

const pem = (type: "pkcs1" | "pkcs8" | "sec1"): string => {
  const encoding = { type, format: "pem" } as never;
  const curve = {
    namedCurve: "P-256",
    privateKeyEncoding: encoding,
    publicKeyEncoding: { type: "spki", format: "pem" },
  };
  if (type === "sec1") return generateKeyPairSync("ec", curve as never).privateKey;
  const rsa = { ...curve, modulusLength: 2048 };
  return generateKeyPairSync("rsa", rsa as never).privateKey;
};

/** Written out by hand from age.md and minisign(1); made by the programs themselves in the test below. */
const identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const armored = (text: string, newline = "\n"): string => {
  return `-----BEGIN AGE ENCRYPTED FILE-----${newline}${Buffer.from(text).toString("base64")}${newline}`;
};
const kinds: Readonly<Record<string, readonly [string | Buffer, string]>> = {
  "age's": [`# created: 2026-01-01\n${identity}\n`, "an age private key"],
  "age's in small letters": [identity.toLowerCase(), "an age private key"],
  "age's post-quantum kind": ["AGE-SECRET-KEY-PQ-1QQQQ", "an age private key"],
  "minisign's": [Buffer.from("EdSc\x42\x32 and more of it").toString("base64"), "a minisign private key"],
  "minisign's without a passphrase": [Buffer.from("Ed\0\0B2 and more").toString("base64"), "a minisign private key"],
  "PKCS #8": [pem("pkcs8"), "a private key"],
  "PKCS #1": [pem("pkcs1"), "a private key"],
  "SEC 1": [pem("sec1"), "a private key"],
  "OpenSSH's": ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn", "a private key"],
  "encrypted PKCS #8": ["-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "a private key"],
  "PGP's": ["-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "a private key"],
  "PuTTY's": ["PuTTY-User-Key-File-3: ssh-ed25519\n", "a private key"],
  "age's under a passphrase": ["age-encryption.org/v1\n-> scrypt abc 18\n", "a protected key file"],
  "the same in armor": [armored("age-encryption.org/v1\n-> scrypt abc 18\n"), "a protected key file"],
  "the same in armor of Windows": [
    armored("age-encryption.org/v1\n-> scrypt abc 18\n", "\r\n"),
    "a protected key file",
  ],
  "one behind a certificate": ["-----BEGIN CERTIFICATE-----\nMI\n-----BEGIN RSA PRIVATE KEY-----\n", "a private key"],
};

describe("a private key is found:", () => {
  describe.each(Object.entries(kinds))("%s", (_what, [key, kind]) => {
    const bytes = Buffer.from(key);

    test("by itself", () => expect(privateKeyIn(bytes)).toBe(kind));

    test("as UTF-16, with and without its mark, in both byte orders", () => {
      const text = Buffer.from(bytes.toString("latin1"), "utf16le");
      for (const wide of [text, Buffer.concat([Buffer.from([0xff, 0xfe]), text])]) {
        expect(privateKeyIn(wide)).toBe(kind);
        expect(privateKeyIn(Buffer.from(wide).swap16())).toBe(kind);
      }
    });

    test("in the middle of other bytes, unless it is one only at the beginning of a file", () => {
      const inside = Buffer.concat([randomBytes(3001), bytes, randomBytes(500)]);
      expect(privateKeyIn(inside)).toBe(key.toString().startsWith("age-enc") ? undefined : kind);
    });

    test("also through a view into other memory", () => {
      const view = new Uint8Array(Buffer.concat([Buffer.alloc(5), bytes])).subarray(5);
      expect(privateKeyIn(view)).toBe(kind);
    });
  });
});

describeWith(["age-keygen", "minisign"], "a private key is found:", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-keys-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the ones that programs make, and not their public halves", () => {
    const [age, key, pub] = ["age", "minisign", "pub"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    execFileSync("age-keygen", ["-o", age], { stdio: "ignore" });
    execFileSync("minisign", ["-G", "-W", "-p", pub, "-s", key], { stdio: "ignore" });
    expect(privateKeyIn(readFileSync(age))).toBe("an age private key");
    expect(privateKeyIn(readFileSync(key))).toBe("a minisign private key");
    expect(privateKeyIn(readFileSync(pub))).toBeUndefined();
  });
});

describe("no private key is seen in", () => {
  it.each<[string, string | Buffer]>([
    ["nothing", ""],
    ["one byte", "A"],
    ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB"],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIB"],
    ["an age file to recipients", "age-encryption.org/v1\n-> X25519 abc\n"],
    ["an age file to recipients in armor", armored("age-encryption.org/v1\n-> X25519 abc 18\n")],
    ["an age file without a beginning in armor", armored("scrypt").replace("BEGIN", "END")],
    ["armor that says no more than how it begins", "-----BEGIN AGE ENCRYPTED FILE-----"],
    ["words about how a protected file begins", "it says age-encryption.org/v1\n-> scrypt abc 18\n"],
    ["a block of another kind, whatever it holds", "-----BEGIN x PRIVATE KEY-----\n"],
    ["a recipient", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"],
    ["a word about keys", "keep the PRIVATE KEY in a safe; -----BEGIN nothing"],
    ["an MP4's beginning", Buffer.from("\0\0\0\x20ftypisom\0\0\x02\0isomiso2", "latin1")],
    ["random bytes", randomBytes(1 << 16)],
  ])("%s", (_what, content) => {
    expect(privateKeyIn(Buffer.from(content))).toBeUndefined();
  });
});
