/** Trays and discs that look like those of a package on several discs, and are not. */
import { cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { namesFor, partName } from "../../src/package/names.js";
import { forgePackage } from "../opening/forged-package.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";
import { check, clear, DiscTray, forgeOnDiscs, part, receiver, seal, sender } from "./disc-tray.js";

const tray = new DiscTray();

describe("the gate says no to", () => {
  it.each([1, 2, 3])("a tray without disc %i, and says which is missing", async (number) => {
    await rm(tray.disc(number), { recursive: true });
    const { findings } = await check(tray.path);
    // The last one is missed as well: the label says how many there are.
    expect(findings).toMatchObject([
      { code: "DISC_MISSING", detail: `a package with a missing part: disc ${number} of 3 is not here` },
    ]);
    expect(await tray.found()).toEqual([`DISC_MISSING ${seal}`]);
  });

  it("a tray with one disc only, and says which are missing", async () => {
    for (const number of [1, 3]) await rm(tray.disc(number), { recursive: true });
    expect((await check(tray.path)).findings[0]?.detail).toContain("discs 1, 3 of 3 are not here");
  });

  it("a folder of a disc that the label does not know: empty, with another's files, or without parts", async () => {
    await mkdir(tray.disc(4));
    expect(await tray.found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-004`]);
    await cp(tray.disc(2), tray.disc(4), { recursive: true });
    expect(await tray.found()).toEqual([`DISC_MISPLACED ${seal}/disc-004`]);
    await rm(tray.disc(4, part(3)));
    expect(await tray.found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-004`]);
  });

  it("a disc's folder with another disc's parts, in place of its own or beside them", async () => {
    await cp(tray.disc(2, part(3)), tray.disc(3, part(3)));
    expect(await tray.found()).toEqual([`DISC_MISPLACED ${seal}/disc-003`]);
    await rm(tray.disc(3, part(3)));
    await rename(tray.disc(2), join(tray.package, "aside"));
    await rename(tray.disc(3), tray.disc(2));
    await rename(join(tray.package, "aside"), tray.disc(3));
    expect(await tray.found()).toEqual([`DISC_MISPLACED ${seal}/disc-002`, `DISC_MISPLACED ${seal}/disc-003`]);
  });

  it("a disc with part of what belongs on it, in its folder and by itself", async () => {
    await rm(tray.disc(1, part(2)));
    expect(await tray.found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-001`]);
    expect(await tray.found(tray.disc(1))).toEqual(["PACKAGE_INCOMPLETE "]);
  });

  it("discs of two sealings under one number", async () => {
    const again = await forgeOnDiscs(await temporaryFolder());
    await rm(tray.disc(3), { recursive: true });
    await cp(join(again, "disc-003"), tray.disc(3), { recursive: true });
    expect(await tray.found()).toEqual([`DISC_FOREIGN ${seal}/disc-003`]);
    await rm(tray.disc(3, part(4)));
    await rm(tray.disc(2), { recursive: true });
    await cp(join(again, "disc-002"), tray.disc(2), { recursive: true });
    await cp(join(again, "disc-003"), tray.disc(3), { recursive: true });
    expect(await tray.found()).toEqual([`DISC_FOREIGN ${seal}/disc-002`, `DISC_FOREIGN ${seal}/disc-003`]);
  });

  it("a disc of another package, or all of them", async () => {
    const other = await forgeOnDiscs(await temporaryFolder(), { seal: "EV-F0RG-ED00-0002" });
    await rm(tray.disc(1), { recursive: true });
    await cp(join(other, "disc-001"), tray.disc(1), { recursive: true });
    expect(await tray.found()).toEqual([`DISC_FOREIGN ${seal}/disc-001`]);
    await rm(tray.package, { recursive: true });
    await cp(other, tray.package, { recursive: true });
    expect(await tray.found()).toEqual([1, 2, 3].map((number) => `DISC_FOREIGN ${seal}/disc-00${number}`));
    expect((await tray.found(tray.package)).map((each) => each.split(" ")[0])).toEqual(Array(3).fill("DISC_FOREIGN"));
  });

  it("a whole package in the place of one disc", async () => {
    const other = await forgePackage(await temporaryFolder(), sender, [receiver]);
    await rm(tray.package, { recursive: true });
    await cp(other, tray.disc(1), { recursive: true });
    expect(await tray.found()).toEqual([`DISC_MISPLACED ${seal}/disc-001`]);
  });

  it("anything beside the discs' folders, or in one of them", async () => {
    await writeFile(join(tray.package, "note.txt"), clear);
    await mkdir(join(tray.package, "VIDEO_TS"));
    await symlink(tray.disc(1), tray.disc(4));
    await writeFile(tray.disc(2, "a.mp4"), clear);
    await mkdir(tray.disc(3, "disc-001"));
    expect([...(await tray.found())].sort()).toEqual([
      `CLEAR_FILE ${seal}/disc-002/a.mp4`,
      `CLEAR_FILE ${seal}/note.txt`,
      `EMPTY_FOLDER ${seal}/VIDEO_TS`,
      `EMPTY_FOLDER ${seal}/disc-003/disc-001`,
      `LINK ${seal}/disc-004`,
    ]);
  });

  it("a file named as a part, which no label knows, by what it is: in a disc's folder, on a disc, beside a container", async () => {
    const whole = await forgePackage(tray.path, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    await writeFile(join(whole, partName("EV-F0RG-ED00-0002", 3)), clear);
    await writeFile(tray.disc(2, part(5)), "AGE-SECRET-KEY-1QQQQ");
    await writeFile(tray.disc(2, namesFor(seal).container), clear);
    expect([...(await tray.found())].sort()).toEqual([
      `CLEAR_FILE ${seal}/disc-002/${namesFor(seal).container}`,
      `CLEAR_FILE EV-F0RG-ED00-0002/${partName("EV-F0RG-ED00-0002", 3)}`,
      `PRIVATE_KEY ${seal}/disc-002/${part(5)}`,
    ]);
    expect([...(await tray.found(tray.disc(2)))].sort()).toEqual([
      `CLEAR_FILE ${namesFor(seal).container}`,
      `PRIVATE_KEY ${part(5)}`,
    ]);
  });

  it("a file in the clear in the place of a part, of its very size too", async () => {
    await writeFile(tray.disc(2, part(3)), clear);
    expect(await tray.found(tray.disc(2))).toEqual(["CUT_SHORT "]);
    await writeFile(tray.disc(2, part(3)), clear.padEnd(700));
    expect(await tray.found(tray.disc(2))).toEqual(["ALTERED "]);
    expect(await tray.found()).toEqual([`ALTERED ${seal}/disc-002`]);
  });

  it("parts of which the first does not begin a sealed file, on the disc that has it", async () => {
    const forgery = { container: (container: Uint8Array) => Buffer.alloc(container.length, clear) };
    const unsealed = await forgeOnDiscs(await temporaryFolder(), forgery);
    expect(await tray.found(unsealed)).toEqual(["NOT_SEALED disc-001"]);
    expect(await tray.found(join(unsealed, "disc-001"))).toEqual(["NOT_SEALED "]);
    // THREATS.md: of the others signature and hash decide.
    expect(await tray.found(join(unsealed, "disc-002"))).toEqual([]);
  });

  it("a disc's folder outside of its package's, and discs in a folder of another name", async () => {
    await rename(tray.disc(2), join(tray.path, "disc-002"));
    expect(await tray.found()).toEqual(["DISC_ALONE disc-002", `DISC_MISSING ${seal}`]);
    await rename(join(tray.path, "disc-002"), tray.disc(2));
    await rename(tray.package, join(tray.path, "Smith interview"));
    expect(await tray.found()).toEqual(["FOLDER_NAME Smith interview"]);
    expect([...(await tray.found(join(tray.path, "Smith interview")))]).toEqual(
      [1, 2, 3].map((number) => `DISC_ALONE disc-00${number}`),
    );
  });

  it("a package of several discs in a folder of its own, once", async () => {
    await mkdir(join(tray.path, "to-burn"));
    await rename(tray.package, join(tray.path, "to-burn", seal));
    expect(await tray.found()).toEqual(["PACKAGE_NOT_ON_TOP to-burn"]);
    await writeFile(join(tray.path, "to-burn", seal, "disc-002", "a.mp4"), clear);
    expect(await tray.found()).toEqual(["PACKAGE_NOT_ON_TOP to-burn", `CLEAR_FILE to-burn/${seal}/disc-002/a.mp4`]);
  });

  it("what an interrupted run has left, once, from outside and inside, and what is hidden in that", async () => {
    const leftover = join(tray.path, `.${seal}.partial`);
    await rename(tray.package, leftover);
    for (const isFinished of [true, false]) {
      expect(await tray.found()).toEqual([`LEFTOVER .${seal}.partial`]);
      expect((await tray.found(leftover)).map((each) => each.split(" ")[0])).toEqual(["LEFTOVER"]);
      if (isFinished) {
        expect((await tray.found(join(leftover, "disc-002"))).map((each) => each.split(" ")[0])).toEqual(["LEFTOVER"]);
        for (const each of [1, 2, 3]) await rm(join(leftover, `disc-00${each}`, namesFor(seal).label));
      }
    }
    await writeFile(join(leftover, "disc-003", "a.mp4"), clear);
    expect(await tray.found()).toEqual([`LEFTOVER .${seal}.partial`, `CLEAR_FILE .${seal}.partial/disc-003/a.mp4`]);
  });

  it("discs that have lost their labels, or all their files", async () => {
    await rm(tray.disc(2, namesFor(seal).label));
    expect(await tray.found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-002`]);
    for (const number of [1, 2, 3]) {
      await rm(tray.disc(number), { recursive: true });
      await mkdir(tray.disc(number));
    }
    expect(await tray.found()).toEqual([1, 2, 3].map((number) => `PACKAGE_INCOMPLETE ${seal}/disc-00${number}`));
  });

  it("a package for a unit that nobody knows, once for all its discs", async () => {
    const other = await temporaryFolder();
    await forgeOnDiscs(other, {}, [makeUnit("CPS")]);
    expect(await tray.found(other)).toEqual([`RECIPIENT_UNKNOWN ${seal}`]);
    expect(await tray.found(join(other, seal, "disc-002"))).toEqual(["RECIPIENT_UNKNOWN "]);
  });
});
