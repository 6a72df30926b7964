/** File systems that evseal does not read are never passed by mistake. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, must } from "../interop/programs.js";
import { temporaryFolder } from "../temporary-folder.js";
import { check, codesOf, makeImage, makeTray } from "./images.js";

describeWith(["genisoimage"], "a disc that genisoimage made", () => {
  test("short names alone, under which nobody finds a package", async () => {
    const image = await makeImage(await makeTray(), ["-quiet"], "genisoimage");
    expect(await codesOf(image)).toEqual(["DISC_NAMES_CUT"]);
  });

  test("a Macintosh's HFS tree beside the ISO 9660 tree", async () => {
    const image = await makeImage(await makeTray(), ["-quiet", "-r", "-J", "-hfs"], "genisoimage");
    expect((await check(image)).ok).toBe(false);
  });
});

describeWith(["genisoimage", "mkudffs", "mkfs.fat", "mkfs.ext4", "xorriso"], "another file system", () => {
  test("UDF beside ISO 9660 is refused, whatever the ISO 9660 side is like", async () => {
    const image = await makeImage(await makeTray(), ["-quiet", "-r", "-J", "-udf"], "genisoimage");
    expect(await codesOf(image)).toEqual(["DISC_UDF"]);
  });

  test("UDF alone is refused", async () => {
    for (const size of ["2048", "512"]) {
      const image = join(await temporaryFolder(), "disc.udf");
      await writeFile(image, Buffer.alloc(4 * 1024 * 1024));
      await must("mkudffs", [`--blocksize=${size}`, image]);
      expect(await codesOf(image)).toEqual(["DISC_UDF"]);
    }
  });

  test("FAT, ext4 and bytes of no kind are files in the clear", async () => {
    const folder = await temporaryFolder();
    const [fat, ext4, noise] = ["fat.img", "ext4.img", "noise.img"].map((name) => join(folder, name));
    for (const image of [fat, ext4, noise]) await writeFile(image ?? "", Buffer.alloc(4 * 1024 * 1024));
    await writeFile(noise ?? "", randomBytes(4 * 1024 * 1024));
    await must("mkfs.fat", [fat ?? ""]);
    await must("mkfs.ext4", ["-q", "-F", ext4 ?? ""]);
    for (const image of [fat, ext4, noise]) expect(await codesOf(image ?? "")).toEqual(["CLEAR_FILE"]);
  });
});
