/** Each place on a disc where evidence could stand unseen: evidence is put there, and the gate must find it. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, must } from "../interop/programs.js";
import { temporaryFolder } from "../temporary-folder.js";
import { advised, check, codesOf, locate, makeImage, makeTray, patch, seal, sectorSize, writeBoth } from "./images.js";

const clear = Buffer.from("CLEARTEXT interview of Smith");

/** A clean image with evidence at `at`. */
async function planted(at: (bytes: Buffer) => number, options = advised): Promise<string> {
  const image = await makeImage(await makeTray(), options);
  expect(await codesOf(image)).toEqual([]);
  return await patch(image, (bytes) => void clear.copy(bytes, at(bytes)));
}

const container = /^EV-F0RG-ED00-0001\.evseal$/;
const joliet = 17;

describeWith(["xorriso"], "bytes that nobody claims", () => {
  test("in the system area, where a Macintosh or a PC starts from", async () => {
    expect(await codesOf(await planted(() => 1024))).toEqual(["DISC_SYSTEM_AREA"]);
  });

  test("in the padding inside the volume", async () => {
    expect(await codesOf(await planted((bytes) => bytes.length - sectorSize))).toEqual(["DISC_HIDDEN_BYTES"]);
  });

  test("after the volume", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => Buffer.concat([bytes, Buffer.alloc(sectorSize), clear]));
    expect(await codesOf(image)).toEqual(["DISC_AFTER_VOLUME"]);
  });

  test("between the end of a file and the end of its last sector", async () => {
    const image = await planted((bytes) => {
      const { sector, size } = locate(bytes, container, joliet);
      return sector * sectorSize + size;
    });
    expect(await codesOf(image)).toEqual(["DISC_HIDDEN_BYTES"]);
  });

  test("after the last record of a folder, of either tree", async () => {
    for (const volume of [16, joliet]) {
      const root = (bytes: Buffer): number => bytes.readUInt32LE(volume * sectorSize + 158);
      const image = await planted((bytes) => (root(bytes) + 1) * sectorSize - 100);
      expect(await codesOf(image)).toEqual(["DISC_HIDDEN_BYTES"]);
    }
  });

  test("after a path table", async () => {
    const image = await planted((bytes) => bytes.readUInt32LE(16 * sectorSize + 140) * sectorSize + 1000);
    expect(await codesOf(image)).toEqual(["DISC_HIDDEN_BYTES"]);
  });

  test("in the volume descriptor's reserved bytes, in those for applications, and in the one that ends the set", async () => {
    for (const at of [16 * sectorSize + 1400, 16 * sectorSize + 900, 17 * sectorSize + 1400, 18 * sectorSize + 100])
      expect(await codesOf(await planted(() => at))).toEqual(["DISC_HIDDEN_BYTES"]);
  });
});

describeWith(["xorriso"], "what only some computers see", () => {
  test("a file deleted in a second session: the first still has it", async () => {
    const tray = await makeTray();
    await writeFile(join(tray, "interview.mp4"), clear);
    const image = join(await temporaryFolder(), "disc.iso");
    await must("xorriso", ["-outdev", image, "-joliet", "on", "-volid", seal, "-map", tray, "/"]);
    await must("xorriso", ["-dev", image, "-joliet", "on", "-rm", "/interview.mp4", "--", "-commit"]);
    expect((await readFile(image)).includes(clear)).toBe(true);
    expect(await codesOf(image)).toContain("DISC_SECOND_SESSION");
  });

  test("a session added behind a clean image", async () => {
    const image = await makeImage(await makeTray());
    const other = await readFile(await makeImage(await makeTray()));
    await patch(image, (bytes) => Buffer.concat([bytes, other]));
    expect(await codesOf(image)).toContain("DISC_SECOND_SESSION");
  });

  test("a file that only Joliet shows", async () => {
    const tray = await makeTray();
    await writeFile(join(tray, seal, "interview.mp4"), clear);
    const image = await makeImage(tray, ["-as", "mkisofs", "-quiet", "-r", "-J", "-hide", "interview.mp4"]);
    expect(await codesOf(image)).toContain("DISC_TREES_DIFFER");
  });

  test("a file that Joliet does not show", async () => {
    const tray = await makeTray();
    await writeFile(join(tray, seal, "interview.mp4"), clear);
    const image = await makeImage(tray, [...advised, "-hide-joliet", "interview.mp4"]);
    expect(await codesOf(image)).toEqual(expect.arrayContaining(["DISC_TREES_DIFFER", "CLEAR_FILE"]));
  });

  test.each([
    ["times of another kind", "TF\u001a\u0001", [0x07, 0x0b, 0x0d], 4, ["DISC_MALFORMED"]],
    ["another level of Joliet", "%/E", [0x40, 0x43], 2, ["DISC_DESCRIPTOR", "DISC_HIDDEN_BYTES"]],
  ])("%s than burning programs write", async (_, place, values, offset, codes) => {
    for (const value of values) {
      const image = await makeImage(await makeTray());
      await patch(image, (bytes) => void (bytes[bytes.indexOf(place, 0, "latin1") + offset] = value));
      expect(await codesOf(image)).toEqual(codes);
    }
  });

  test("a Joliet name that differs", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => {
      const { record } = locate(bytes, container, joliet);
      Buffer.from("Smith", "utf16le")
        .swap16()
        .copy(bytes, record + 33);
    });
    expect(await codesOf(image)).toEqual(["DISC_NAME"]);
  });

  test("a Rock Ridge name that differs", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => void bytes.write("Smith", bytes.indexOf("EV-F0RG-ED00-0001.evseal"), "latin1"));
    expect(await codesOf(image)).toContain("DISC_NAME");
  });

  test("an ISO 9660 name that tells, behind a Rock Ridge name that does not", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => void bytes.write("SMITH", bytes.indexOf("HOW_TO_O.TXT"), "latin1"));
    expect(await codesOf(image)).toEqual(["DISC_NAME"]);
  });

  test("a boot image, as El Torito points to", async () => {
    const tray = await makeTray();
    await writeFile(join(tray, "boot.img"), Buffer.alloc(4096, clear));
    const image = await makeImage(tray, [...advised, "-b", "boot.img", "-no-emul-boot", "-hide", "boot.img"]);
    expect(await codesOf(image)).toContain("DISC_BOOT");
  });

  test("an HFS+ tree beside the ISO 9660 tree", async () => {
    const image = await makeImage(await makeTray(), [...advised, "-hfsplus"]);
    expect(await codesOf(image)).toEqual(["DISC_EXTENSION"]); // xorriso marks its root, so no further
  });

  test("a second tree of ISO 9660:1999", async () => {
    const image = await makeImage(await makeTray(), [...advised, "-iso-level", "4"]);
    expect(await codesOf(image)).toContain("DISC_DESCRIPTOR");
  });

  test("path tables that differ between their two copies", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => {
      const table = bytes.readUInt32BE(16 * sectorSize + 148) * sectorSize;
      bytes.writeUInt32BE(bytes.readUInt32BE(table + 12) + 1, table + 12);
    });
    expect(await codesOf(image)).toEqual(["DISC_MALFORMED"]);
  });
});

describeWith(["xorriso"], "files that are not what they should be", () => {
  test("a file beside the packages, in the clear", async () => {
    const tray = await makeTray();
    await writeFile(join(tray, "note.txt"), clear);
    const image = await makeImage(tray);
    const { findings } = await check(image);
    expect(findings).toMatchObject([{ code: "CLEAR_FILE", detail: "a text" }]);
    expect(findings.map((finding) => finding.path.toString())).toEqual([`${image}/note.txt`]);
  });

  test("a folder inside a package's", async () => {
    const tray = await makeTray();
    await mkdir(join(tray, seal, "VIDEO_TS"));
    expect(await codesOf(await makeImage(tray))).toEqual(["DISC_TOO_DEEP"]);
  });

  test("a package in a folder whose name tells", async () => {
    const tray = await makeTray();
    const image = join(await temporaryFolder(), "disc.iso");
    const graft = `Smith interview=${join(tray, seal)}`;
    await must("xorriso", ["-as", "mkisofs", "-quiet", "-r", "-J", "-graft-points", "-o", image, graft]);
    expect(await codesOf(image)).toEqual(["FOLDER_NAME"]);
  });

  test("a link", async () => {
    const tray = await makeTray();
    await symlink("/home/officer/Smith interview", join(tray, seal, "link"));
    expect(await codesOf(await makeImage(tray))).toEqual(["DISC_LINK"]);
  });

  test("attributes and checksums, which can hold anything", async () => {
    const image = join(await temporaryFolder(), "disc.iso");
    await must("xorriso", ["-as", "mkisofs", "-quiet", "-r", "-J", "--md5", "-o", image, await makeTray()]);
    expect((await check(image)).ok).toBe(false);
  });

  test.each([
    ["hidden", 0x01],
    ["associated", 0x04],
    ["in a record of its own form", 0x08],
    ["protected", 0x10],
  ])("a file marked as %s", async (_, flag) => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => void (bytes[locate(bytes, /^HOW_TO/).record + 25] = flag));
    expect(await codesOf(image)).toEqual(["DISC_FILE_FLAGS"]);
  });

  test("a file in several pieces", async () => {
    const image = await makeImage(await makeTray());
    await patch(image, (bytes) => void (bytes[locate(bytes, /^HOW_TO/).record + 25] = 0x80));
    expect(await codesOf(image)).toEqual(["DISC_FILE_IN_PIECES"]);
  });

  test("two files in one place, and a file over a table of the disc", async () => {
    for (const at of [(bytes: Buffer) => locate(bytes, container, joliet).sector, () => 18]) {
      const image = await makeImage(await makeTray());
      await patch(image, (bytes) => {
        for (const volume of [16, joliet]) writeBoth(bytes, locate(bytes, /^HOW/, volume).record + 2, at(bytes));
      });
      expect(await codesOf(image)).toContain("DISC_OVERLAP");
    }
  });

  test("a byte of a package's file, as a bad burn leaves it", async () => {
    const image = await planted((bytes) => locate(bytes, container, joliet).sector * sectorSize + 500);
    expect(await codesOf(image)).toEqual(["ALTERED"]);
  });
});
