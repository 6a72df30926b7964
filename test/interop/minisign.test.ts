/** minisign, the program, verifies what evseal signs and signs with evseal's keys, and the other way round. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/bytes.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { sign } from "../../src/minisign/sign.js";
import { encodeSigningKeyFile, generateSigningKey, readSigningKeyFile } from "../../src/minisign/signing-key.js";
import { verify } from "../../src/minisign/verify.js";
import { refusal } from "../refusal.js";
import { sharedFolder } from "./exchange.js";
import { describeWith, environmentOf, type Ended } from "./programs.js";

const place = sharedFolder();
const comment = "evseal/label/v1 seal=EV-7K3Q-9M2X-TB4H";
const passphrase = "velvet harbour engine 42";
const secret = (text: string): SecretBytes => SecretBytes.take(utf8(text));
const typed = (): Promise<SecretBytes> => Promise.resolve(secret(passphrase));
const neverAsked = (): never => {
  throw new Error("the passphrase was asked for");
};

/** Runs minisign in `place`; it takes its password from stdin, a line each time it asks. */
async function minisign(args: readonly string[], passwords: readonly string[] = []): Promise<Ended> {
  const child = spawn("minisign", args, { cwd: place, env: environmentOf({ cwd: place }) });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined); // it may end without reading
  child.stdin.end(passwords.map((password) => `${password}\n`).join(""));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

const inPlace = (name: string): string => path.join(place, name);
const put = (name: string, content: Uint8Array): void => writeFileSync(inPlace(name), content);
const get = (name: string): Uint8Array => new Uint8Array(readFileSync(inPlace(name)));
const verification = (publicKey: string): string[] => ["-V", "-H", "-Q", "-m", "label.json", "-P", publicKey];

describeWith(["minisign"], "minisign", () => {
  const document = utf8('{\n  "format": "evseal/label/v1"\n}\n');

  beforeEach(() => put("label.json", document));

  test("verifies what evseal signed, and says its trusted comment", async () => {
    const key = generateSigningKey();
    put("label.json.minisig", sign(document, key, comment).signature);
    put("signing.pub", key.publicKey.encodeFile());

    expect(await minisign(verification(key.publicKey.encoded))).toMatchObject({ code: 0, stdout: `${comment}\n` });
    expect(await minisign(["-V", "-H", "-m", "label.json", "-p", "signing.pub"])).toMatchObject({ code: 0 });

    put("label.json", utf8("another document"));
    expect((await minisign(verification(key.publicKey.encoded))).code).toBe(1);
  });

  test.each([
    ["under a passphrase", passphrase],
    ["without a passphrase", undefined],
  ])("signs with a key file that evseal wrote %s, exactly as evseal does", async (_, protection) => {
    const key = generateSigningKey();
    const file = await encodeSigningKeyFile(key, protection === undefined ? undefined : secret(protection));
    put("signing.key", file.expose());
    const signing = ["-S", "-s", "signing.key", "-m", "label.json", "-t", comment];

    expect(await minisign(signing, protection === undefined ? [] : [protection])).toMatchObject({ code: 0 });
    expect(fromUtf8(get("label.json.minisig"))).toBe(fromUtf8(sign(document, key, comment).signature));

    await minisign(["-R", "-f", "-s", "signing.key", "-p", "again.pub"], protection === undefined ? [] : [protection]);
    expect(MinisignPublicKey.parseFile(get("again.pub")).encoded).toBe(key.publicKey.encoded);
  });

  test("refuses evseal's key file under another passphrase", async () => {
    put("signing.key", (await encodeSigningKeyFile(generateSigningKey(), secret(passphrase))).expose());
    const { code, stderr } = await minisign(["-S", "-s", "signing.key", "-m", "label.json"], ["another"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("Wrong password");
  });

  test("makes keys without a password that evseal takes, and signatures that evseal verifies", async () => {
    expect(await minisign(["-G", "-f", "-W", "-s", "theirs.key", "-p", "theirs.pub"])).toMatchObject({ code: 0 });
    await minisign(["-S", "-s", "theirs.key", "-m", "label.json", "-t", comment]);

    const signer = MinisignPublicKey.parseFile(get("theirs.pub"));
    expect(verify(document, get("label.json.minisig"), signer, comment).signer).toBe(signer);
    const key = await readSigningKeyFile(SecretBytes.take(get("theirs.key")), neverAsked);
    expect(key.publicKey.encoded).toBe(signer.encoded);
  });

  test("makes keys with a password, at its own cost of 1 GiB, that evseal takes", async () => {
    const made = await minisign(["-G", "-f", "-s", "theirs.key", "-p", "theirs.pub"], [passphrase, passphrase]);
    expect(made).toMatchObject({ code: 0 });
    const key = await readSigningKeyFile(SecretBytes.take(get("theirs.key")), typed);
    expect(key.publicKey.encoded).toBe(MinisignPublicKey.parseFile(get("theirs.pub")).encoded);
  });

  test("takes the password off evseal's key file, and evseal still takes it", async () => {
    const key = generateSigningKey();
    put("signing.key", (await encodeSigningKeyFile(key, secret(passphrase))).expose());
    expect(await minisign(["-C", "-W", "-s", "signing.key"], [passphrase])).toMatchObject({ code: 0 });
    const again = await readSigningKeyFile(SecretBytes.take(get("signing.key")), neverAsked);
    expect(again.exposeSecretKey()).toEqual(key.exposeSecretKey());
  });

  test("makes signatures that evseal does not take: of the old kind, or with a word in the clear", async () => {
    await minisign(["-G", "-f", "-W", "-s", "theirs.key", "-p", "theirs.pub"]);
    const signer = MinisignPublicKey.parseFile(get("theirs.pub"));
    for (const flags of [["-l"], ["-c", "Smith interview"]]) {
      const signing = ["-S", ...flags, "-s", "theirs.key", "-m", "label.json", "-t", comment];
      expect(await minisign(signing)).toMatchObject({ code: 0 });
      expect(() => verify(document, get("label.json.minisig"), signer, comment)).toThrow(
        refusal("SIGNATURE_MALFORMED"),
      );
    }
  });
});
