import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkTree } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const known = new Set([sender, receiver].map((unit) => partyOf(unit).fingerprint));
const trusted = TrustedSigners.of([sender.card]);
const options = { trusted, known, expected: undefined, expectedDigest: undefined, watch: quietWatch() };

/** What is found in the tray, each with its path in it. */
async function foundIn(tray: string): Promise<readonly string[]> {
  const { ok, findings } = await checkTree(tray, options);
  expect(ok).toBe(false);
  return findings.map(({ code, path }) => `${code} ${path.toString().slice(tray.length + 1)}`).sort();
}

it("a folder with a package in it is found once, and whatever lies beside the package or in it", async () => {
  const tray = await temporaryFolder();
  const made = await forgePackage(tray, sender, [receiver]);
  await mkdir(join(tray, "to-burn"));
  const nested = join(tray, "to-burn", "EV-F0RG-ED00-0001");
  await rename(made, nested);
  expect(await foundIn(tray)).toEqual(["PACKAGE_NOT_ON_TOP to-burn"]);
  await writeFile(join(tray, "to-burn", "notes.txt"), "a");
  await writeFile(join(nested, "a.mp4"), "a");
  expect(await foundIn(tray)).toEqual([
    "CLEAR_FILE to-burn/EV-F0RG-ED00-0001/a.mp4",
    "CLEAR_FILE to-burn/notes.txt",
    "PACKAGE_NOT_ON_TOP to-burn",
  ]);
});
