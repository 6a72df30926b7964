import fsPromises, { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPackage } from "../../src/opening/open-package.js";
import { partName } from "../../src/package/names.js";
import { refusal } from "../refusal.js";
import { standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, receiver, sender, trusted, watch } from "./attack.js";
import { forgePackage } from "./forged-package.js";

const seal = "EV-F0RG-ED00-0001";

it("of a part that has grown since it was looked at not a byte is copied", async () => {
  const path = await forgePackage(await temporaryFolder(), sender, [receiver], { discs: [[700], [500], [1]] });
  const outDir = await temporaryFolder();
  const part = join(path, "disc-002", partName(seal, 2));
  standIn(fsPromises, "open", (open) => async (...given) => {
    if (given[0] === part) await truncate(part, 8 * 1024 * 1024);
    return await open(...given);
  });
  let copiedBytes = 0;
  const progress = (phase: string, doneBytes: number): void => {
    if (phase === "copying") copiedBytes = Math.max(copiedBytes, doneBytes);
  };
  const options = { outDir, trusted, identities, watch: { ...watch, progress } };
  const nextDisc = (): Promise<string> => Promise.resolve(join(path, "disc-002"));
  await expect(openPackage([join(path, "disc-001")], { ...options, nextDisc })).rejects.toEqual(refusal("ALTERED"));
  expect(copiedBytes).toBeLessThan(100_000);
  expect(await readdir(outDir)).toEqual([]);
});
