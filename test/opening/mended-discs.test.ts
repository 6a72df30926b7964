import { readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openPackage, type OpenResult } from "../../src/opening/open-package.js";
import { partName } from "../../src/package/names.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, trusted, watch } from "./attack.js";
import { copiesOf, damage, seal, type Copies } from "./copies.js";

const files = { "INT/a.mp4": "the interview ".repeat(50_000), "INT/b.txt": "note" };
let outDir = "";
let copies: Copies = ["", ""];

const open = (paths: readonly string[] = copies): Promise<OpenResult> =>
  openPackage(paths, { outDir, trusted, identities, watch });

async function expectOpened(paths: readonly string[] = copies): Promise<OpenResult> {
  const result = await open(paths);
  expect(await readFile(join(result.out, "media", "INT/a.mp4"), "utf8")).toBe(files["INT/a.mp4"]);
  await rm(result.out, { recursive: true });
  return result;
}

async function expectRefused(code: Parameters<typeof refusal>[0]): Promise<void> {
  await expect(open()).rejects.toEqual(refusal(code));
  expect(await readdir(outDir)).toEqual([]);
}

describe("copies of a package on several discs", () => {
  const discs = [[200_000, 65_536], [131_072], [1]];
  let discsOf: readonly [first: readonly string[], second: readonly string[]] = [[], []];
  const part = (copy: number, disc: number, number: number): string =>
    join(discsOf[copy]?.[disc - 1] ?? "", partName(seal, number));

  beforeEach(async () => {
    outDir = await temporaryFolder();
    copies = await copiesOf({ files, discs });
    const onDisc = (copy: string): readonly string[] => [1, 2, 3].map((disc) => join(copy, `disc-00${disc}`));
    discsOf = [onDisc(copies[0]), onDisc(copies[1])];
  });

  it("make one, of the folders of a package or of those of its discs, in any order", async () => {
    await damage(part(0, 1, 1), 100_000);
    await damage(part(1, 1, 2), 100);
    await damage(part(0, 3, 4), 10);
    const all = [...discsOf[0], ...discsOf[1]];
    for (const paths of [copies, all, [...all].reverse()]) expect((await expectOpened(paths)).mended).toBeDefined();
    // Only the damaged ones twice.
    const { mended } = await expectOpened([...discsOf[0], ...discsOf[1].filter((disc) => !disc.endsWith("2"))]);
    expect(mended?.map(({ from }) => from)).toEqual([2, 2]);
  });

  it("may lack parts and discs in one of them", async () => {
    await rm(part(0, 1, 1));
    await truncate(part(1, 1, 2), 10);
    await rm(discsOf[0][1] ?? "", { recursive: true });
    expect((await expectOpened()).mended).toEqual([{ from: 2, offset: 0, sizeBytes: 200_000 }]);
  });

  it("share the chunk on the border of two discs, half in one copy and half in the other", async () => {
    await damage(part(0, 1, 2), 65_000, 536);
    await damage(part(1, 2, 3), 0, 100);
    expect((await expectOpened()).mended?.map(({ from }) => from)).toEqual([2]);
    expect((await expectOpened([copies[1], copies[0]])).mended?.map(({ from }) => from)).toEqual([2]);
    await damage(part(1, 1, 2), 65_500, 1);
    await expectRefused("COPIES_DAMAGED");
  });

  it("without one of the discs say which", async () => {
    for (const copy of discsOf) await rm(copy[1] ?? "", { recursive: true });
    await expectRefused("DISC_MISSING");
    await expect(open()).rejects.toThrow("disc 2 of 3 is not here");
  });
});
