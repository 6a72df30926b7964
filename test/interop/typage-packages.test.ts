/** typage, the TypeScript age of age's own author, opens whole packages; its protected identities open them in evseal. */
import { Decrypter, Encrypter, generateHybridIdentity, generateX25519Identity } from "age-encryption";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import {
  contentsOf,
  emptyFolder,
  evseal,
  interview,
  newUnit,
  passphrase,
  passphraseFile,
  seal,
  sharedFolder,
  trust,
} from "./exchange.js";
import { must } from "./programs.js";

const place = sharedFolder();

const kinds: readonly { kind: string; flags: readonly string[]; generate: () => Promise<string> }[] = [
  { kind: "post-quantum", flags: [], generate: generateHybridIdentity },
  { kind: "classic", flags: ["--classic"], generate: generateX25519Identity },
];

test.each(kinds)(
  "typage opens container and manifest of a $kind package, with evseal's protected identity",
  async ({ kind, flags }) => {
    const units = emptyFolder(place, kind);
    const sender = await newUnit(units, "Sender", "--no-passphrase");
    const receiver = await newUnit(units, "Receiver", "--passphrase-file", passphraseFile(units), ...flags);
    await trust(sender, receiver);
    const sealed = await seal(units, sender, receiver, [interview]);

    const unlock = new Decrypter();
    unlock.addPassphrase(passphrase);
    const identityFile = await unlock.decrypt(readFileSync(path.join(receiver.home, "receiving.age")), "text");
    const opener = new Decrypter();
    for (const identity of identityFile.match(/^AGE-SECRET-KEY-.*$/gm) ?? []) opener.addIdentity(identity);
    const out = emptyFolder(units, "opened");
    for (const file of [sealed.container, sealed.manifest]) {
      const archive = path.join(units, `${path.basename(file)}.tar`);
      writeFileSync(archive, await opener.decrypt(readFileSync(file)));
      await must("tar", ["-xf", archive, "-C", out]);
    }

    expect(await contentsOf(path.join(out, sealed.seal, "media/interview"))).toEqual(await contentsOf(interview));
    expect(readFileSync(path.join(out, sealed.seal, "manifest.json"), "utf8")).toContain(sealed.seal);
  },
);

test.each(kinds)(
  "evseal takes over a $kind identity that typage made and protected, and opens with it",
  async ({ kind, generate }) => {
    const units = emptyFolder(place, `made by typage, ${kind}`);
    const locked = path.join(units, "identity.age");
    const protect = new Encrypter();
    protect.setPassphrase(passphrase);
    protect.setScryptWorkFactor(14);
    writeFileSync(locked, await protect.encrypt(`# made by typage\n${await generate()}\n`));
    const typed = ["--passphrase-file", passphraseFile(units)];

    const sender = await newUnit(units, "Sender", "--no-passphrase");
    const receiver = await newUnit(units, "Receiver", "--identity", locked, ...typed);
    await trust(sender, receiver);
    await trust(receiver, sender);
    const sealed = await seal(units, sender, receiver, [interview]);
    const out = emptyFolder(units, "opened");
    await evseal(receiver.home, "open", sealed.folder, "--out", out, "--identity", locked, ...typed);

    expect(await contentsOf(path.join(out, `${sealed.seal}.opened`, "media/interview"))).toEqual(
      await contentsOf(interview),
    );
  },
);
