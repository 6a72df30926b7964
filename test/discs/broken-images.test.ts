/** Images that would lead a careless reader in circles, past their end, or out of memory. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { temporaryFolder } from "../temporary-folder.js";
import { check, codesOf, locate, makeImage, makeTray, patch, sectorSize, writeBoth } from "./images.js";

describeWith(["xorriso"], "a disc that leads in circles or ends too soon", () => {
  test("a folder that is below itself ends with an answer", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => {
      const root = bytes.readUInt32LE(16 * sectorSize + 158);
      writeBoth(bytes, locate(bytes, /^EV_F0RG/).record + 2, root);
    });
    expect(await codesOf(image)).toEqual(["DISC_MALFORMED"]);
  });

  test("a continuation area that continues in itself ends with an answer", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => {
      const at = bytes.indexOf("CE\u001c\u0001", 16 * sectorSize, "latin1");
      const area = bytes.readUInt32LE(at + 4) * sectorSize + bytes.readUInt32LE(at + 12);
      writeBoth(bytes, at + 20, 28);
      bytes.copy(bytes, area, at, at + 28);
    });
    expect(await codesOf(image)).toEqual(["DISC_MALFORMED"]);
  });

  test("an image that is cut short, anywhere", async () => {
    const whole = await makeImage(await makeTray());
    for (const sectors of [17, 18, 20, 30, 40, 100]) {
      const image = join(await temporaryFolder(), "cut.iso");
      await writeFile(image, (await readFile(whole)).subarray(0, sectors * sectorSize));
      expect((await check(image)).ok, `${sectors} sectors`).toBe(false);
    }
  });

  test("a folder of an immense size is not read into memory", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => writeBoth(bytes, 16 * sectorSize + 156 + 10, 0xfffff800));
    expect(await codesOf(image)).toEqual(["DISC_TOO_MUCH"]);
  });
});
