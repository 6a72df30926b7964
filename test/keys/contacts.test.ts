import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { MinisignPublicKey } from "../../src/minisign/public-key.js";
import { encodeCard } from "../../src/keys/card.js";
import { Contacts } from "../../src/keys/contacts.js";
import { fingerprintOf } from "../../src/keys/fingerprint.js";
import { refusal } from "../refusal.js";
import { fileOf, hexOf, homeWith, newHome } from "./homes.js";
import { newCard, now } from "./units.js";

const gmp = newCard({ unit: "GMP Interview Unit" });
const scas = newCard({ unit: "SCAS" });

describe("contacts", () => {
  it("are none where there is no home yet, and none is made by looking", async () => {
    const home = await newHome();
    expect((await Contacts.load(home)).list()).toEqual([]);
    await expect(stat(home.path)).rejects.toThrow("ENOENT");
  });

  it("are there again the next time, in the order of their names", async () => {
    const home = await homeWith(scas, gmp);
    const contacts = await Contacts.load(home);
    expect(contacts.list()).toEqual([gmp, scas].map((card) => ({ card, fingerprint: fingerprintOf(card) })));
  });

  it("are files for the user alone, each the card itself under its fingerprint", async () => {
    const home = await homeWith(gmp);
    const file = fileOf(home, gmp);
    expect(await readdir(home.contacts)).toEqual([file.split("/").at(-1)]);
    expect(new Uint8Array(await readFile(file))).toEqual(encodeCard(gmp).bytes);
    const modes = await Promise.all(
      [home.path, home.contacts, file].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });
});

describe("finding a contact", () => {
  it.each([
    ["its name", "SCAS"],
    ["its name in small letters, with spaces around", "  scas "],
    ["its name in wide letters", "ＳＣＡＳ"],
    ["its fingerprint", hexOf(scas)],
    ["its fingerprint in groups", fingerprintOf(scas).grouped],
    ["its words", fingerprintOf(scas).words],
  ])("works by %s", async (_, typed) => {
    const contacts = await Contacts.load(await homeWith(gmp, scas));
    expect(contacts.find(typed).card).toEqual(scas);
  });

  it.each(["", "SCA", "SCAS2", hexOf(scas).slice(0, 32), hexOf(newCard())])("does not work by %j", async (typed) => {
    const contacts = await Contacts.load(await homeWith(gmp, scas));
    expect(() => contacts.find(typed)).toThrow(refusal("CONTACT_UNKNOWN"));
  });

  it("goes by fingerprint before names, so that no name can stand in for another's fingerprint", async () => {
    const impostor = newCard({ unit: hexOf(scas) });
    const contacts = await Contacts.load(await homeWith(impostor, scas));
    expect(contacts.find(hexOf(scas)).card).toEqual(scas);
  });
});

describe("adding a contact", () => {
  it("takes the words as well as the hex digits", async () => {
    const contacts = await Contacts.load(await newHome());
    const added = await contacts.add(gmp, fingerprintOf(gmp).words.toUpperCase(), now);
    expect(added).toEqual({ card: gmp, fingerprint: fingerprintOf(gmp) });
    expect(contacts.find("GMP Interview Unit")).toEqual(added);
  });

  it("twice is adding once", async () => {
    const home = await homeWith(gmp, gmp);
    expect((await Contacts.load(home)).list()).toHaveLength(1);
  });

  it("is refused without the card's own fingerprint, whole", async () => {
    const home = await newHome();
    const contacts = await Contacts.load(home);
    for (const typed of ["", hexOf(gmp).slice(0, 32), hexOf(scas), fingerprintOf(scas).words]) {
      await expect(contacts.add(gmp, typed, now)).rejects.toEqual(refusal("FINGERPRINT_DIFFERS"));
    }
    expect(contacts.list()).toEqual([]);
    await expect(readdir(home.contacts)).rejects.toThrow("ENOENT");
  });

  it("tells a slip of the tongue from another card, and never says what would have been right", async () => {
    const contacts = await Contacts.load(await newHome());
    const messageFor = async (typed: string): Promise<unknown> =>
      await contacts.add(gmp, typed, now).then(
        () => "added",
        (error: unknown) => (error as Error).message,
      );
    expect(await messageFor(hexOf(scas))).toContain("not the one of this card");
    expect(await messageFor(hexOf(gmp).slice(1))).toContain("slip");
    for (const typed of [hexOf(scas), "x"]) expect(await messageFor(typed)).not.toContain(hexOf(gmp).slice(0, 4));
  });

  it("is refused when the card has expired", async () => {
    const contacts = await Contacts.load(await newHome());
    const atEnd = new Date(gmp.expires);
    await expect(contacts.add(gmp, hexOf(gmp), atEnd)).rejects.toEqual(refusal("CARD_EXPIRED"));
  });

  it.each(["GMP Interview Unit", "gmp interview unit", "ＧＭＰ Interview Unit"])(
    "is refused for a unit that is known with another card, here as %s, with both fingerprints",
    async (unit) => {
      const home = await homeWith(gmp);
      const contacts = await Contacts.load(home);
      const changed = newCard({ unit });
      const adding = contacts.add(changed, hexOf(changed), now);
      await expect(adding).rejects.toEqual(refusal("CONTACT_CHANGED"));
      await expect(adding).rejects.toThrow(fingerprintOf(gmp).grouped);
      await expect(adding).rejects.toThrow(fingerprintOf(changed).grouped);
      expect((await Contacts.load(home)).list().map(({ card }) => card)).toEqual([gmp]);
    },
  );

  it("is refused even when only the dates changed", async () => {
    const contacts = await Contacts.load(await homeWith(gmp));
    const renewed = { ...gmp, expires: "2030-01-01T00:00:00Z" };
    await expect(contacts.add(renewed, hexOf(renewed), now)).rejects.toEqual(refusal("CONTACT_CHANGED"));
  });

  const otherKeySameId = MinisignPublicKey.of(
    MinisignPublicKey.parse(gmp.signingKey).keyId,
    MinisignPublicKey.parse(scas.signingKey).key,
  ).encoded;
  it.each([
    ["receiving key", { recipient: gmp.recipient }],
    ["signing key", { signingKey: gmp.signingKey }],
    ["signing key's id", { signingKey: otherKeySameId }],
  ])("is refused with a %s that another unit has", async (_, members) => {
    const contacts = await Contacts.load(await homeWith(gmp));
    const other = newCard({ unit: "SCAS", ...members });
    await expect(contacts.add(other, hexOf(other), now)).rejects.toEqual(refusal("CONTACT_CHANGED"));
  });

  it("works in the place of one that was removed", async () => {
    const home = await homeWith(gmp);
    const contacts = await Contacts.load(home);
    const renewed = newCard();
    expect((await contacts.remove(fingerprintOf(gmp).words)).card).toEqual(gmp);
    await contacts.add(renewed, hexOf(renewed), now);
    expect((await Contacts.load(home)).list().map(({ card }) => card)).toEqual([renewed]);
  });

  it("leaves nothing when the disk refuses", async () => {
    const home = await homeWith(gmp);
    const contacts = await Contacts.load(home);
    await mkdir(fileOf(home, scas));
    await expect(contacts.add(scas, hexOf(scas), now)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(contacts.list()).toHaveLength(1);
    expect(await readdir(home.contacts)).toHaveLength(2);
  });
});

describe("removing a contact", () => {
  it("is refused for one that is not there", async () => {
    const contacts = await Contacts.load(await homeWith(gmp));
    await expect(contacts.remove("SCAS")).rejects.toEqual(refusal("CONTACT_UNKNOWN"));
    expect(contacts.list()).toHaveLength(1);
  });
});
