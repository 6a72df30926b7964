import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { PackageFiles } from "../../src/opening/package-files.js";
import { SealedSource } from "../../src/opening/sealed-source.js";
import { verifyLabel } from "../../src/opening/verified-label.js";
import { openManifest } from "../../src/opening/verified-manifest.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, receiver, sender, trusted } from "./attack.js";
import { forgePackage } from "./forged-package.js";

test("a sealed manifest that is another one when it is read again is altered, though it could be opened", async () => {
  const forge = async () => await forgePackage(await temporaryFolder(), sender, [receiver]);
  const [path, other] = [await forge(), await forge()];
  const files = await PackageFiles.at(path);
  const label = await verifyLabel(files, trusted);
  const read = async (folder: string) => await readFile(join(folder, label.manifest.name));
  const versions = [await read(path), await read(other)];
  expect(versions[0]?.length).toBe(versions[1]?.length);
  let begun = 0;
  const changing = SealedSource.within({
    sizeBytes: versions[0]?.length ?? 0,
    read: (offset, sizeBytes) => {
      if (offset === 0) begun++;
      return Promise.resolve(versions[begun - 1]?.subarray(offset, offset + sizeBytes) ?? Buffer.alloc(0));
    },
  });
  vi.spyOn(files, "open").mockResolvedValue(changing);
  await expect(openManifest(files, label, identities)).rejects.toThrow(refusal("ALTERED"));
  expect(begun).toBe(2);
});
