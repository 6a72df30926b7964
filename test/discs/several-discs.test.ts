/** Where evidence could stand on one of the discs of a package: among sealed parts, named like one. */
import { copyFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { check, codesOf, makeImage, makeSplitTray, patch, seal } from "./images.js";

const clear = Buffer.from("CLEARTEXT interview of Smith");

describeWith(["xorriso"], "on one of several discs", () => {
  const part = (number: number): string => `${seal}.evseal.00${number}`;
  /** The image of the folder of disc 2, which has part 3 only, after `change` to it. */
  async function imageOfDisc2(change: (disc: string, others: (disc: number) => string) => Promise<void>) {
    const tray = await makeSplitTray();
    const folder = (disc: number): string => join(tray, seal, `disc-00${disc}`);
    await change(folder(2), folder);
    return await makeImage(folder(2));
  }

  test("a file in the clear, named as a part that the label does not know", async () => {
    const image = await imageOfDisc2((disc) => writeFile(join(disc, part(5)), clear));
    const { findings } = await check(image);
    expect(findings).toMatchObject([{ code: "CLEAR_FILE", detail: "a text" }]);
    expect(findings.map(({ path }) => path.toString())).toEqual([`${image}/${part(5)}`]);
  });

  test("a file in the clear, named as the part that should be there, of its size", async () => {
    const image = await imageOfDisc2((disc) => writeFile(join(disc, part(3)), Buffer.alloc(700, clear)));
    expect(await codesOf(image)).toEqual(["ALTERED"]);
  });

  test("a file in the clear, named as a part of another disc that is on no disc alone", async () => {
    const image = await imageOfDisc2((disc) => writeFile(join(disc, part(1)), Buffer.alloc(4000, clear)));
    expect(await codesOf(image)).toEqual(["PACKAGE_INCOMPLETE"]);
  });

  test("a file in the clear, named as all of another disc's parts, of its size", async () => {
    const image = await imageOfDisc2(async (disc, other) => {
      const { size } = await stat(join(other(3), part(4)));
      await writeFile(join(disc, part(4)), Buffer.alloc(size, clear));
    });
    expect(await codesOf(image)).toEqual(["ALTERED"]);
  });

  test("a part of another disc, though it is sealed, where not all of that disc is there", async () => {
    const image = await imageOfDisc2((disc, other) => copyFile(join(other(1), part(2)), join(disc, part(2))));
    expect(await codesOf(image)).toEqual(["PACKAGE_INCOMPLETE"]);
  });

  test("all of another disc passes, as both are named; only the digest tells that it was not to be there", async () => {
    const tray = await makeSplitTray();
    const [disc2, disc3] = [2, 3].map((disc) => join(tray, seal, `disc-00${disc}`)) as [string, string];
    const { digest } = await check(disc2);
    await copyFile(join(disc3, part(4)), join(disc2, part(4)));
    const image = await makeImage(disc2);
    expect((await check(image)).packages).toMatchObject([{ disc: 2 }, { disc: 3 }]);
    const { findings } = await check(image, digest);
    expect(findings.map(({ code }) => code)).toEqual(["DIGEST_DIFFERS"]);
  });

  test("two parts under each other's names", async () => {
    const tray = await makeSplitTray();
    const disc = join(tray, seal, "disc-001");
    await rename(join(disc, part(1)), join(disc, "aside"));
    await rename(join(disc, part(2)), join(disc, part(1)));
    await rename(join(disc, "aside"), join(disc, part(2)));
    expect((await check(await makeImage(disc))).ok).toBe(false);
  });

  test("a part under another's short name", async () => {
    const tray = await makeSplitTray();
    const image = await makeImage(join(tray, seal, "disc-001"));
    await patch(image, (bytes) => void bytes.write(".009;1", bytes.indexOf(".002;1"), "latin1"));
    expect(await codesOf(image)).toEqual(["DISC_NAME"]);
  });

  test("the whole tray, whose folders stand below a package's", async () => {
    const tray = await makeSplitTray();
    expect(await codesOf(await makeImage(tray))).toEqual(["DISC_TOO_DEEP"]);
    expect(await codesOf(await makeImage(join(tray, seal)))).toContain("DISC_ALONE");
  });
});
