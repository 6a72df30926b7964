import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeIdentityFile } from "../../src/age/identity-file.js";
import { refuseRecipientKeyHere } from "../../src/keys/recipient-key-here.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";

const [own, receiver] = [makeUnit("GMP"), makeUnit("SCAS")];
const look = (home: string) => refuseRecipientKeyHere(home, own.card, [receiver.card]);

async function receiversKey(path: string): Promise<void> {
  const file = await encodeIdentityFile(receiver.identity, { created: new Date() });
  await writeFile(path, file.expose(), { mode: 0o644 });
}

it("a home without the recipient's key is no reason to refuse", async () => {
  await expect(look(await temporaryFolder())).resolves.toBeUndefined();
});

it("a recipient's key is found under any name, for all to read", async () => {
  const home = await temporaryFolder();
  await receiversKey(join(home, "scas.age"));
  await expect(look(home)).rejects.toThrow(refusal("RECIPIENT_KEY_HERE"));
});

it("a recipient's key is found through a link", async () => {
  const [home, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  await receiversKey(join(elsewhere, "key"));
  await symlink(join(elsewhere, "key"), join(home, "receiving.age"));
  await expect(look(home)).rejects.toThrow(refusal("RECIPIENT_KEY_HERE"));
});
