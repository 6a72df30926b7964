/** Whatever a person, or a burning program, could have written into the disc's own label. */
import { expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { codesOf, makeImage, makeTray, patch, sectorSize } from "./images.js";

const joliet = 17;

describeWith(["xorriso"], "text in the disc's label", () => {
  const fields = {
    "the volume's name": ["-V", "SMITH"],
    "the publisher": ["-publisher", "PC SMITH"],
    "the preparer": ["-p", "CR-2026-114"],
    "the application": ["-A", "CR-2026-114"],
    "the system": ["-sysid", "SMITH"],
    "the volume set": ["-volset", "SMITH"],
    "the copyright file": ["-copyright", "SMITH.TXT"],
    "the abstract file": ["-abstract", "SMITH.TXT"],
    "the bibliographic file": ["-biblio", "SMITH.TXT"],
    "another package's seal number": ["-V", "EV-0000-0000-0000"],
  };
  test.each(Object.entries(fields))("%s", async (_, options) => {
    const image = await makeImage(await makeTray(), ["-as", "mkisofs", "-quiet", "-r", "-J", ...options]);
    expect(await codesOf(image)).toEqual(["DISC_LABEL_TEXT"]);
  });

  test("a name that only Joliet shows", async () => {
    const image = await makeImage(await makeTray());
    const wide = Buffer.from("SMITH", "utf16le").swap16();
    await patch(image, (bytes) => void wide.copy(bytes, joliet * sectorSize + 40));
    expect(await codesOf(image)).toEqual(["DISC_LABEL_TEXT"]);
  });
});
