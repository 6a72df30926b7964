/** Between two looks a path can lead elsewhere: a link on it is swapped, or a folder above is renamed, and back again. */
import { rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DiscImage } from "../../src/checking/disc-image.js";
import { foundFolder } from "../../src/checking/found-folder.js";
import { readTree, type Entry } from "../../src/checking/tree.js";
import { existing } from "../../src/errors.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { PackageFiles } from "../../src/opening/package-files.js";
import { verifyFolder } from "../../src/opening/verify-package.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";

const sender = makeUnit("GMP");
const options = { trusted: TrustedSigners.of([sender.card]), watch: quietWatch() };

async function twoTrays() {
  const [good, evil, place] = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
  for (const tray of [good, evil]) await forgePackage(tray, sender, [makeUnit("SCAS")]);
  const named = join(place, "to-burn");
  return { good, evil, named };
}

async function packageIn(tray: string): Promise<Entry> {
  const { root } = await readTree(tray, quietWatch());
  return existing(root?.entries[0], "a package");
}

it("what was found is what is proven", async () => {
  const { good } = await twoTrays();
  const { label } = await verifyFolder(await PackageFiles.at(foundFolder(await packageIn(good))), options);
  expect(label.seal).toBe("EV-F0RG-ED00-0001");
});

it("a valid package that a swapped link leads to does not vouch for the one that was found", async () => {
  const { good, evil, named } = await twoTrays();
  await symlink(evil, named);
  const found = await packageIn(named);
  await symlink(good, `${named}.new`);
  await rename(`${named}.new`, named);
  await expect(verifyFolder(await PackageFiles.at(foundFolder(found)), options)).rejects.toEqual(
    refusal("PACKAGE_NOT_FOUND"),
  );
});

it("nor does one in a folder that was renamed into the place of another", async () => {
  const { good, evil, named } = await twoTrays();
  await rename(evil, named);
  const found = await packageIn(named);
  await rename(named, evil);
  await rename(good, named);
  await expect(verifyFolder(await PackageFiles.at(foundFolder(found)), options)).rejects.toEqual(
    refusal("PACKAGE_NOT_FOUND"),
  );
});

it("an opened image knows the state it was opened in, by which another in its place is told", async () => {
  const path = join(await temporaryFolder(), "disc.iso");
  const sectors = Buffer.alloc(17 * 2048);
  sectors.write("\u0001CD001", 16 * 2048, "latin1");
  await writeFile(path, sectors);
  const { root } = await readTree(path, quietWatch());
  const image = existing(await DiscImage.open(path), "an image");
  expect(image.state).toBe(root?.identity);
  await image.close();
  await rename(path, `${path}.aside`);
  await writeFile(path, sectors);
  const other = existing(await DiscImage.open(path), "an image");
  expect(other.state).not.toBe(root?.identity);
  await other.close();
});
