import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inspectPackage } from "../../src/opening/inspect-package.js";
import { openPackage } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { utf8 } from "../../src/bytes.js";
import { sign } from "../../src/minisign/sign.js";
import { namesFor, trustedComments } from "../../src/package/names.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, receiver, sender, trusted, watch } from "./attack.js";
import { forgePackage } from "./forged-package.js";

const [first, second] = ["EV-F0RG-ED00-0001", "EV-F0RG-ED00-0002"];

it("a label that its own signer put into another package is refused, and nobody is shown as its proven sender", async () => {
  const [path, other] = await Promise.all(
    [first, second].map(async (seal) => forgePackage(await temporaryFolder(), sender, [receiver], { seal })),
  );
  if (path === undefined || other === undefined) throw new Error("no package");
  // Signed as the label of the one, it is that of the other.
  const label = await readFile(join(other, namesFor(second).label));
  const signed = sign(label, sender.signingKey, trustedComments.label(first));
  await writeFile(join(path, namesFor(first).label), signed.document);
  await writeFile(join(path, namesFor(first).labelSignature), signed.signature);

  const refused = refusal("LABEL_MALFORMED");
  await expect(verifyPackage([path], { trusted, watch })).rejects.toEqual(refused);
  await expect(inspectPackage(path, { trusted })).rejects.toEqual(refused);
  const outDir = await temporaryFolder();
  await expect(openPackage([path], { outDir, trusted, identities, watch })).rejects.toEqual(refused);
  await expect(verifyPackage([other], { trusted, watch })).resolves.toMatchObject({ ok: true, seal: second });
});

it("a label under another package's name keeps the signature of its own, which is not that one's", async () => {
  const path = await forgePackage(await temporaryFolder(), sender, [receiver], {
    labelComment: trustedComments.label(second),
  });
  await expect(verifyPackage([path], { trusted, watch })).rejects.toMatchObject({ exitCode: 4 });
  expect((await inspectPackage(path, { trusted })).sender.trusted).toBe(false);
});

it("a file that is altered without being longer or shorter is told by its SHA-256", async () => {
  const path = await forgePackage(await temporaryFolder(), sender, [receiver]);
  const howTo = join(path, "HOW-TO-OPEN.txt");
  const text = await readFile(howTo, "utf8");
  await writeFile(howTo, utf8(text.replace("e", "a")));
  await expect(verifyPackage([path], { trusted, watch })).rejects.toEqual(refusal("ALTERED"));
});
