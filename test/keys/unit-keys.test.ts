import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generateIdentity } from "../../src/age/identity.js";
import { parseRecipient } from "../../src/age/recipient.js";
import { encodeCard, parseCard } from "../../src/keys/card.js";
import { Home } from "../../src/keys/home.js";
import { createUnitKeys, loadCard, loadIdentities, loadSigningKey, type NewUnit } from "../../src/keys/unit-keys.js";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { generateSigningKey } from "../../src/minisign/signing-key.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { later, neverAsked, newCard, now, secret } from "./units.js";

const unit: NewUnit = { unit: "GMP Interview Unit", kind: "X25519", created: now, expires: later };

async function newHome(): Promise<Home> {
  return Home.at(join(await temporaryFolder(), "not", "yet", "there"));
}

async function homeWithKeys(): Promise<Home> {
  const home = await newHome();
  await createUnitKeys(home, unit);
  return home;
}

const filesOf = (home: Home): string[] => [home.receivingKey, home.signingKey, home.signingPublicKey, home.card];
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("a new unit's keys", () => {
  it("are four files for the user alone, in a folder for the user alone", async () => {
    const home = await homeWithKeys();
    expect((await readdir(home.path)).sort()).toEqual(["card.json", "receiving.age", "signing.key", "signing.pub"]);
    expect(await Promise.all(filesOf(home).map(modeOf))).toEqual([0o600, 0o600, 0o600, 0o600]);
    expect(await modeOf(home.path)).toBe(0o700);
  });

  it("belong together: the card names the keys in the files", async () => {
    const home = await newHome();
    const card = await createUnitKeys(home, unit);
    expect(card).toEqual({ ...newCard(), recipient: card.recipient, signingKey: card.signingKey });
    expect(await loadCard(home)).toEqual(card);
    const [identity] = await loadIdentities(home.receivingKey, neverAsked);
    expect(identity?.recipient.encoded).toBe(card.recipient);
    expect((await loadSigningKey(home.signingKey, neverAsked)).publicKey.encoded).toBe(card.signingKey);
    const publicKey = MinisignPublicKey.parseFile(await readFile(home.signingPublicKey));
    expect(publicKey.encoded).toBe(card.signingKey);
  });

  it("are of the kind that was asked for", async () => {
    const home = await newHome();
    const card = await createUnitKeys(home, { ...unit, kind: "mlkem768x25519" });
    expect(parseRecipient(card.recipient).kind).toBe("mlkem768x25519");
    expect(parseCard(encodeCard(card).bytes)).toEqual(card);
  });

  it("are both under the passphrase, which stays the caller's", async () => {
    const home = await newHome();
    const passphrase = secret("correct horse battery staple");
    const card = await createUnitKeys(home, { ...unit, passphrase });
    const asked: string[] = [];
    const ask = (what: string, typed: string) => () => {
      asked.push(what);
      return Promise.resolve(secret(typed));
    };
    const [identity] = await loadIdentities(home.receivingKey, ask("receiving", "correct horse battery staple"));
    expect(identity?.recipient.encoded).toBe(card.recipient);
    const key = await loadSigningKey(home.signingKey, ask("signing", "correct horse battery staple"));
    expect(key.publicKey.encoded).toBe(card.signingKey);
    expect(asked).toEqual(["receiving", "signing"]);
    await expect(loadIdentities(home.receivingKey, ask("", "wrong"))).rejects.toEqual(refusal("PASSPHRASE_WRONG"));
    await expect(loadSigningKey(home.signingKey, ask("", "wrong"))).rejects.toEqual(refusal("PASSPHRASE_WRONG"));
    expect(() => passphrase.expose()).not.toThrow();
  });

  it("can be keys that the unit has already, which stay the caller's", async () => {
    const existing = { identity: generateIdentity("X25519"), signingKey: generateSigningKey() };
    const card = await createUnitKeys(await newHome(), { ...unit, kind: "mlkem768x25519", existing });
    expect(card.recipient).toBe(existing.identity.recipient.encoded);
    expect(card.signingKey).toBe(existing.signingKey.publicKey.encoded);
    expect(() => existing.identity.encode()).not.toThrow();
    expect(() => existing.signingKey.exposeSecretKey()).not.toThrow();
  });

  it("may stand beside contacts that were there before", async () => {
    const home = await newHome();
    await mkdir(home.contacts, { recursive: true });
    await createUnitKeys(home, unit);
    expect(await readdir(home.path)).toContain("contacts");
  });

  it("are not made with an empty passphrase, with a name no card may have, or already expired", async () => {
    const home = await newHome();
    const refused = async (change: Partial<NewUnit>): Promise<unknown> =>
      await createUnitKeys(home, { ...unit, ...change }).catch((error: unknown) => error);
    expect(await refused({ passphrase: secret("") })).toEqual(refusal("PASSPHRASE_MISSING"));
    expect(await refused({ unit: "a/b" })).toEqual(refusal("CARD_UNUSABLE"));
    expect(await refused({ expires: now })).toEqual(refusal("CARD_UNUSABLE"));
    await expect(stat(home.path)).rejects.toThrow("ENOENT");
  });

  it.each(["receiving.age", "signing.key", "signing.pub", "card.json"])(
    "are not made where there is %s, which stays as it was, alone",
    async (name) => {
      const home = await newHome();
      await mkdir(home.path, { recursive: true });
      await writeFile(join(home.path, name), "theirs");
      await expect(createUnitKeys(home, unit)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
      expect(await readdir(home.path)).toEqual([name]);
      expect(await readFile(join(home.path, name), "utf8")).toBe("theirs");
    },
  );

  it("are not made through a link that leads nowhere yet", async () => {
    const home = await newHome();
    await mkdir(home.path, { recursive: true });
    const elsewhere = join(home.path, "..", "elsewhere");
    await symlink(elsewhere, home.receivingKey);
    await expect(createUnitKeys(home, unit)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    await expect(stat(elsewhere)).rejects.toThrow("ENOENT");
  });

  it("are one set when two are made at the same time: the other is refused", async () => {
    const home = await newHome();
    const results = await Promise.allSettled([createUnitKeys(home, unit), createUnitKeys(home, unit)]);
    const made = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    expect(made).toHaveLength(1);
    expect(refused).toEqual([refusal("OUTPUT_EXISTS")]);
    expect(await loadCard(home)).toEqual(made[0]);
    expect((await loadSigningKey(home.signingKey, neverAsked)).publicKey.encoded).toBe(made[0]?.signingKey);
    expect((await loadIdentities(home.receivingKey, neverAsked))[0]?.recipient.encoded).toBe(made[0]?.recipient);
  });

  it("leave nothing when the last file cannot be written", async () => {
    const home = await newHome();
    // A folder in the place of the card's partial file: found out only when the three before it stand.
    await mkdir(join(home.path, ".card.json.partial", "x"), { recursive: true });
    await expect(createUnitKeys(home, unit)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(await readdir(home.path)).toEqual([".card.json.partial"]);
  });

  it("are no keys after a crash before the card: nothing is misread, nothing is overwritten", async () => {
    const home = await homeWithKeys();
    await rm(home.card);
    await expect(loadCard(home)).rejects.toEqual(refusal("KEYS_MISSING"));
    await expect(createUnitKeys(home, unit)).rejects.toEqual(refusal("OUTPUT_EXISTS"));
    expect(await readdir(home.path)).toHaveLength(3);
  });
});

describe("loading the own card", () => {
  it("is refused where there is none", async () => {
    await expect(loadCard(await newHome())).rejects.toEqual(refusal("KEYS_MISSING"));
  });

  it("is refused when it was altered, is a link or too large", async () => {
    const home = await homeWithKeys();
    await writeFile(home.card, (await readFile(home.card, "utf8")).replace("GMP", "gmp "));
    await truncate(home.card, 9000);
    await expect(loadCard(home)).rejects.toEqual(refusal("CARD_UNUSABLE"));
    await truncate(home.card, 100);
    await expect(loadCard(home)).rejects.toEqual(refusal("CARD_UNUSABLE"));
    await rm(home.card);
    await symlink(home.signingPublicKey, home.card);
    await expect(loadCard(home)).rejects.toEqual(refusal("CARD_UNUSABLE"));
  });
});

describe.each([
  ["the receiving key", "receiving.age", loadIdentities],
  ["the signing key", "signing.key", loadSigningKey],
] as const)("loading %s", (_, name, load) => {
  const passphrase = (): Promise<ReturnType<typeof secret>> => Promise.resolve(secret("pw"));

  it("is refused where there is none", async () => {
    const home = await newHome();
    await expect(load(join(home.path, name), neverAsked)).rejects.toEqual(refusal("KEYS_MISSING"));
  });

  it.each([0o640, 0o604, 0o620, 0o601])("is refused without a passphrase and with mode %o", async (mode) => {
    const home = await homeWithKeys();
    await chmod(join(home.path, name), mode);
    const loading = load(join(home.path, name), neverAsked);
    await expect(loading).rejects.toEqual(refusal("KEY_UNUSABLE"));
    await expect(loading).rejects.toHaveProperty("hint", expect.stringContaining("chmod 600"));
  });

  it("works with a passphrase whatever its mode", async () => {
    const home = await newHome();
    await createUnitKeys(home, { ...unit, passphrase: secret("pw") });
    await chmod(join(home.path, name), 0o644);
    await expect(load(join(home.path, name), passphrase)).resolves.toBeDefined();
  });

  it("is refused through a link", async () => {
    const home = await homeWithKeys();
    const link = join(home.path, "link");
    await symlink(join(home.path, name), link);
    await expect(load(link, neverAsked)).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });

  it("is refused from a folder, from a pipe, and from more than 64 KiB", async () => {
    const home = await homeWithKeys();
    const pipe = join(home.path, "pipe");
    execFileSync("mkfifo", [pipe]);
    await truncate(join(home.path, name), 64 * 1024 + 1);
    const complaints = [
      [home.path, "is not a file"],
      [pipe, "is not a file"],
      [join(home.path, name), "is too large"],
    ] as const;
    for (const [path, complaint] of complaints) {
      const loading = load(path, neverAsked);
      await expect(loading).rejects.toEqual(refusal("KEY_UNUSABLE"));
      await expect(loading).rejects.toThrow(complaint);
    }
  });

  it("is refused where it cannot be read", async () => {
    const path = join(await temporaryFolder(), "x".repeat(300)); // no file system has such names
    await expect(load(path, neverAsked)).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });

  it("is refused when it was cut short", async () => {
    const home = await homeWithKeys();
    await truncate(join(home.path, name), 100);
    await expect(load(join(home.path, name), neverAsked)).rejects.toEqual(refusal("KEY_UNUSABLE"));
  });
});
