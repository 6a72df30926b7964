import { mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvsealError } from "../../src/errors.js";
import { encodeCard } from "../../src/keys/card.js";
import { Contacts } from "../../src/keys/contacts.js";
import { Home } from "../../src/keys/home.js";
import { refusal } from "../refusal.js";
import { fileOf, hexOf, homeWith, newHome } from "./homes.js";
import { newCard, now } from "./units.js";

const gmp = newCard({ unit: "GMP Interview Unit" });
const scas = newCard({ unit: "SCAS" });

describe("the folder of contacts is refused", () => {
  const refused = async (home: Home, name?: string): Promise<void> => {
    const loading = Contacts.load(home);
    await expect(loading).rejects.toEqual(refusal("CARD_UNUSABLE"));
    const { subject } = (await loading.catch((error: unknown) => error)) as EvsealError;
    if (name !== undefined) expect(subject?.toString()).toBe(name);
  };

  it("with a stray file in it", async () => {
    const home = await homeWith(gmp);
    await writeFile(join(home.contacts, "note.txt"), "ring them\n");
    await refused(home, "note.txt");
  });

  it("with a card that was put in by hand, under a name of its own", async () => {
    const home = await homeWith(gmp);
    await writeFile(join(home.contacts, "SCAS.card.json"), encodeCard(scas).bytes);
    await refused(home, "SCAS.card.json");
  });

  it("with a card that was exchanged for another", async () => {
    const home = await homeWith(gmp);
    await writeFile(fileOf(home, gmp), encodeCard(scas).bytes);
    await refused(home, `${hexOf(gmp).slice(0, 32)}.card.json`);
  });

  it("with a card that was cut short, by its file's name", async () => {
    const home = await homeWith(gmp);
    await writeFile(fileOf(home, gmp), encodeCard(gmp).bytes.subarray(0, 100));
    await refused(home, `${hexOf(gmp).slice(0, 32)}.card.json`);
  });

  it("with a link in the place of a card", async () => {
    const home = await homeWith(gmp);
    const elsewhere = join(home.path, "elsewhere");
    await rename(fileOf(home, gmp), elsewhere);
    await symlink(elsewhere, fileOf(home, gmp));
    await refused(home);
  });

  it("with a folder in it", async () => {
    const home = await homeWith(gmp);
    await mkdir(join(home.contacts, "old"));
    await refused(home, "old");
  });

  it("when it is not a folder", async () => {
    const home = await newHome();
    await mkdir(home.path);
    await writeFile(home.contacts, "");
    await refused(home);
  });

  it("with two cards of one unit, however they came there", async () => {
    const home = await homeWith(gmp);
    const changed = newCard();
    await writeFile(fileOf(home, changed), encodeCard(changed).bytes);
    await expect(Contacts.load(home)).rejects.toEqual(refusal("CONTACT_CHANGED"));
  });

  it("but not with what an interrupted adding left, which the next one removes", async () => {
    const home = await homeWith(gmp);
    const name = `${hexOf(scas).slice(0, 32)}.card.json`;
    await writeFile(join(home.contacts, `.${name}.partial`), "{");
    const contacts = await Contacts.load(home);
    expect(contacts.list()).toHaveLength(1);
    await contacts.add(scas, hexOf(scas), now);
    expect((await readdir(home.contacts)).filter((each) => each.startsWith("."))).toEqual([]);
  });

  it("and a link to the folder is followed: it is the user's own", async () => {
    const real = await homeWith(gmp);
    const link = Home.at(`${real.path}-link`);
    await symlink(real.path, link.path);
    const contacts = await Contacts.load(link);
    await contacts.add(scas, hexOf(scas), now);
    expect((await Contacts.load(real)).list()).toHaveLength(2);
  });
});
