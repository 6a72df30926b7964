import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { salvagePackage } from "../../src/opening/salvage-package.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, trusted, watch, withOtherPadding } from "./attack.js";
import { copiesOf, names } from "./copies.js";

it("salvaging is not done where a recipient has put something else around the files, though nothing is lost", async () => {
  const [shared, honest] = await copiesOf({ files: { "a.txt": "note" } });
  const path = join(shared, names.container);
  await writeFile(path, await withOtherPadding(await readFile(path)));
  for (const [copy, ok] of [
    [shared, false],
    [honest, true],
  ] as const) {
    const outDir = await temporaryFolder();
    const result = await salvagePackage([copy], { outDir, trusted, identities, watch });
    expect(result).toMatchObject({ ok, whole: 1, lost: 0, lostBytes: 0 });
    const report = await readFile(join(result.out ?? "", "REPORT.txt"), "utf8");
    expect(report.includes("evseal open may open the package itself")).toBe(ok);
  }
});
