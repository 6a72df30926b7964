/** What can be made of a package that the built program sealed, as its sender could. */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { encodeLabel, type Label } from "../../src/package/label.js";
import { partName } from "../../src/package/names.js";
import { emptyFolder, type Package, type Unit } from "./exchange.js";
import { must } from "./programs.js";

/** A copy of the package with one bit in the middle of `file` flipped. */
export function alteredCopy(sealed: Package, file: string): Package {
  const folder = path.join(mkdtempSync(`${sealed.folder}.altered-`), sealed.seal);
  cpSync(sealed.folder, folder, { recursive: true });
  const altered = path.join(folder, path.basename(file));
  const bytes = readFileSync(altered);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(altered, bytes);
  return { ...sealed, folder };
}

/** The same package in two folders, its container in twelve parts of odd sizes, and its label signed anew. */
export async function cutOntoTwoDiscs(sealed: Package, sender: Unit): Promise<readonly [Package, Package]> {
  const container = readFileSync(sealed.container);
  const label = JSON.parse(readFileSync(sealed.label, "utf8")) as Label;
  const unit = Math.floor(container.length / 100);
  const ends = [70, 71, 72, 73, 74, 75, 76, 77, 80, 81, 82].map((hundredths) => unit * hundredths + hundredths);
  const parts = [...ends, container.length].map((end, index) => {
    const bytes = container.subarray(ends[index - 1] ?? 0, end);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const name = partName(sealed.seal, index + 1);
    return { bytes, labelled: { sha256, name, size: bytes.length, disc: index < 7 ? 1 : 2 } };
  });
  const files = [...parts.map(({ labelled }) => labelled), ...label.files.slice(1)];
  const place = mkdtempSync(path.join(path.dirname(sealed.folder), "discs-"));
  const name = path.basename(sealed.label);
  writeFileSync(path.join(place, name), encodeLabel({ ...label, files }));
  const key = path.join(sender.home, "signing.key");
  const comment = `evseal/label/v1 seal=${sealed.seal}`;
  await must("minisign", ["-S", "-s", key, "-m", name, "-t", comment], { cwd: place });
  const discOf = (disc: number): Package => {
    const folder = emptyFolder(place, `disc ${disc}`);
    for (const file of [name, `${name}.minisig`]) cpSync(path.join(place, file), path.join(folder, file));
    for (const file of ["HOW-TO-OPEN.txt", path.basename(sealed.manifest)])
      cpSync(path.join(sealed.folder, file), path.join(folder, file));
    for (const { bytes, labelled } of parts)
      if (labelled.disc === disc) writeFileSync(path.join(folder, labelled.name), bytes);
    return { ...sealed, folder };
  };
  return [discOf(1), discOf(2)];
}
