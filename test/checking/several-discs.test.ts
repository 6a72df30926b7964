/** The gate before a package on several discs: its tray, each of its discs, and what is made to look like one. */
import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { checkTree } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { namesFor, partName } from "../../src/package/names.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const trusted = TrustedSigners.of([sender.card]);
const known = new Set([sender, receiver].map((unit) => partyOf(unit).fingerprint));
const check = (path: string) =>
  checkTree(path, { trusted, known, expected: undefined, expectedDigest: undefined, watch: quietWatch() });

const seal = "EV-F0RG-ED00-0001";
/** The first disc holds two parts, and in the first of them the whole header. */
const discs = [[4000, 500], [700], [1]];
const files = { "INT/a.mp4": "the interview ".repeat(500) };
const clear = "CLEARTEXT interview of Smith";

let tray = "";
let path = "";
const disc = (number: number, ...below: string[]): string => join(path, `disc-00${number}`, ...below);
const part = (number: number): string => partName(seal, number);
beforeEach(async () => {
  tray = await temporaryFolder();
  path = await forgePackage(tray, sender, [receiver], { discs, files });
});

/** What is found, each with its path below `root`. */
async function found(root = tray): Promise<readonly string[]> {
  const { ok, digest, findings } = await check(root);
  expect([ok, digest === undefined]).toEqual([findings.length === 0, findings.length > 0]);
  return findings.map(({ code, path: at }) => `${code} ${at.toString().slice(root.length + 1)}`);
}

/** Which discs pass. */
async function passing(root: string): Promise<readonly string[]> {
  const { packages, findings } = await check(root);
  expect(findings).toEqual([]);
  return packages.map(({ seal, disc, of }) => `${seal} ${disc ?? "-"} ${of ?? "-"}`);
}

describe("the gate says yes to", () => {
  it("a tray with all discs of a package, beside another package, and tells each disc", async () => {
    await forgePackage(tray, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    expect(await passing(tray)).toEqual([`${seal} 1 3`, `${seal} 2 3`, `${seal} 3 3`, "EV-F0RG-ED00-0002 - -"]);
    expect((await check(tray)).packages[1]).toEqual({
      seal,
      path: disc(2),
      sender: partyOf(sender),
      recipients: [partyOf(receiver)],
      disc: 2,
      of: 3,
    });
  });

  it("the package's folder itself, however it is typed", async () => {
    for (const typed of [path, `${path}/`, `${path}/disc-001/..`])
      expect(await passing(typed)).toEqual([`${seal} 1 3`, `${seal} 2 3`, `${seal} 3 3`]);
  });

  it("what is about to be burned on one disc, and that disc, whatever its folder is called", async () => {
    for (const number of [1, 2, 3]) expect(await passing(disc(number))).toEqual([`${seal} ${number} 3`]);
    await rename(disc(2), join(tray, "dvd"));
    expect(await passing(join(tray, "dvd"))).toEqual([`${seal} 2 3`]);
  });

  it("a disc that has its files in a folder named for the package", async () => {
    const mounted = await temporaryFolder();
    await cp(disc(3), join(mounted, seal), { recursive: true });
    expect(await passing(mounted)).toEqual([`${seal} 3 3`]);
  });

  it("two discs in one folder, each told, and all of them, which are a package", async () => {
    const together = join(await temporaryFolder(), seal);
    for (const number of [2, 3]) await cp(disc(number), together, { recursive: true });
    expect(await passing(together)).toEqual([`${seal} 2 3`, `${seal} 3 3`]);
    await cp(disc(1), together, { recursive: true });
    expect(await passing(together)).toEqual([`${seal} - -`]);
  });

  it("parts on one disc, as a stick with FAT needs them, which are a package", async () => {
    const stick = await temporaryFolder();
    await forgePackage(stick, sender, [receiver], { discs: [[4000, 500, 1]], files });
    expect(await passing(stick)).toEqual([`${seal} - -`]);
  });
});

it("the digest is what FORMAT.md's line of shell gives, of a tray, of a package and of a disc", async () => {
  const format = await readFile(new URL("../../docs/FORMAT.md", import.meta.url), "utf8");
  const [, line = ""] = /## The digest of a tree\n.+?```sh\n(.+?)```/s.exec(format) ?? [];
  await forgePackage(tray, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
  for (const root of [tray, path, disc(1), disc(2)]) {
    const shell = execFileSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
    expect(shell).toBe(`${(await check(root)).digest ?? ""}  -\n`);
  }
});

describe("the gate says no to", () => {
  it.each([1, 2, 3])("a tray without disc %i, and says which is missing", async (number) => {
    await rm(disc(number), { recursive: true });
    const { findings } = await check(tray);
    // The last one is missed as well: the label says how many there are.
    expect(findings).toMatchObject([
      { code: "DISC_MISSING", detail: `a package with a missing part: disc ${number} of 3 is not here` },
    ]);
    expect(await found()).toEqual([`DISC_MISSING ${seal}`]);
  });

  it("a tray with one disc only, and says which are missing", async () => {
    for (const number of [1, 3]) await rm(disc(number), { recursive: true });
    expect((await check(tray)).findings[0]?.detail).toContain("discs 1, 3 of 3 are not here");
  });

  it("a folder of a disc that the label does not know: empty, with another's files, or without parts", async () => {
    await mkdir(disc(4));
    expect(await found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-004`]);
    await cp(disc(2), disc(4), { recursive: true });
    expect(await found()).toEqual([`DISC_MISPLACED ${seal}/disc-004`]);
    await rm(disc(4, part(3)));
    expect(await found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-004`]);
  });

  it("a disc's folder with another disc's parts, in place of its own or beside them", async () => {
    await cp(disc(2, part(3)), disc(3, part(3)));
    expect(await found()).toEqual([`DISC_MISPLACED ${seal}/disc-003`]);
    await rm(disc(3, part(3)));
    await rename(disc(2), join(path, "aside"));
    await rename(disc(3), disc(2));
    await rename(join(path, "aside"), disc(3));
    expect(await found()).toEqual([`DISC_MISPLACED ${seal}/disc-002`, `DISC_MISPLACED ${seal}/disc-003`]);
  });

  it("a disc with part of what belongs on it, in its folder and by itself", async () => {
    await rm(disc(1, part(2)));
    expect(await found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-001`]);
    expect(await found(disc(1))).toEqual(["PACKAGE_INCOMPLETE "]);
  });

  it("discs of two sealings under one number", async () => {
    const again = await forgePackage(await temporaryFolder(), sender, [receiver], { discs, files });
    await rm(disc(3), { recursive: true });
    await cp(join(again, "disc-003"), disc(3), { recursive: true });
    expect(await found()).toEqual([`DISC_FOREIGN ${seal}/disc-003`]);
    await rm(disc(3, part(4)));
    await rm(disc(2), { recursive: true });
    await cp(join(again, "disc-002"), disc(2), { recursive: true });
    await cp(join(again, "disc-003"), disc(3), { recursive: true });
    expect(await found()).toEqual([`DISC_FOREIGN ${seal}/disc-002`, `DISC_FOREIGN ${seal}/disc-003`]);
  });

  it("a disc of another package, or all of them", async () => {
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], {
      seal: "EV-F0RG-ED00-0002",
      discs,
      files,
    });
    await rm(disc(1), { recursive: true });
    await cp(join(other, "disc-001"), disc(1), { recursive: true });
    expect(await found()).toEqual([`DISC_FOREIGN ${seal}/disc-001`]);
    await rm(path, { recursive: true });
    await cp(other, path, { recursive: true });
    expect(await found()).toEqual([1, 2, 3].map((number) => `DISC_FOREIGN ${seal}/disc-00${number}`));
    expect((await found(path)).map((each) => each.split(" ")[0])).toEqual(Array(3).fill("DISC_FOREIGN"));
  });

  it("a whole package in the place of one disc", async () => {
    const other = await forgePackage(await temporaryFolder(), sender, [receiver]);
    await rm(path, { recursive: true });
    await cp(other, disc(1), { recursive: true });
    expect(await found()).toEqual([`DISC_MISPLACED ${seal}/disc-001`]);
  });

  it("anything beside the discs' folders, or in one of them", async () => {
    await writeFile(join(path, "note.txt"), clear);
    await mkdir(join(path, "VIDEO_TS"));
    await symlink(disc(1), disc(4));
    await writeFile(disc(2, "a.mp4"), clear);
    await mkdir(disc(3, "disc-001"));
    expect([...(await found())].sort()).toEqual([
      `CLEAR_FILE ${seal}/disc-002/a.mp4`,
      `CLEAR_FILE ${seal}/note.txt`,
      `EMPTY_FOLDER ${seal}/VIDEO_TS`,
      `EMPTY_FOLDER ${seal}/disc-003/disc-001`,
      `LINK ${seal}/disc-004`,
    ]);
  });

  it("a file named as a part, which no label knows, by what it is: in a disc's folder, on a disc, beside a container", async () => {
    const whole = await forgePackage(tray, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    await writeFile(join(whole, partName("EV-F0RG-ED00-0002", 3)), clear);
    await writeFile(disc(2, part(5)), "AGE-SECRET-KEY-1QQQQ");
    await writeFile(disc(2, namesFor(seal).container), clear);
    expect([...(await found())].sort()).toEqual([
      `CLEAR_FILE ${seal}/disc-002/${namesFor(seal).container}`,
      `CLEAR_FILE EV-F0RG-ED00-0002/${partName("EV-F0RG-ED00-0002", 3)}`,
      `PRIVATE_KEY ${seal}/disc-002/${part(5)}`,
    ]);
    expect([...(await found(disc(2)))].sort()).toEqual([
      `CLEAR_FILE ${namesFor(seal).container}`,
      `PRIVATE_KEY ${part(5)}`,
    ]);
  });

  it("a file in the clear in the place of a part, of its very size too", async () => {
    await writeFile(disc(2, part(3)), clear);
    expect(await found(disc(2))).toEqual(["CUT_SHORT "]);
    await writeFile(disc(2, part(3)), clear.padEnd(700));
    expect(await found(disc(2))).toEqual(["ALTERED "]);
    expect(await found()).toEqual([`ALTERED ${seal}/disc-002`]);
  });

  it("parts of which the first does not begin a sealed file, on the disc that has it", async () => {
    const forgery = { discs, files, container: (container: Uint8Array) => Buffer.alloc(container.length, clear) };
    const unsealed = await forgePackage(await temporaryFolder(), sender, [receiver], forgery);
    expect(await found(unsealed)).toEqual(["NOT_SEALED disc-001"]);
    expect(await found(join(unsealed, "disc-001"))).toEqual(["NOT_SEALED "]);
    // THREATS.md: of the others signature and hash decide.
    expect(await found(join(unsealed, "disc-002"))).toEqual([]);
  });

  it("a disc's folder outside of its package's, and discs in a folder of another name", async () => {
    await rename(disc(2), join(tray, "disc-002"));
    expect(await found()).toEqual(["DISC_ALONE disc-002", `DISC_MISSING ${seal}`]);
    await rename(join(tray, "disc-002"), disc(2));
    await rename(path, join(tray, "Smith interview"));
    expect(await found()).toEqual(["FOLDER_NAME Smith interview"]);
    expect([...(await found(join(tray, "Smith interview")))]).toEqual(
      [1, 2, 3].map((number) => `DISC_ALONE disc-00${number}`),
    );
  });

  it("a package of several discs in a folder of its own, once", async () => {
    await mkdir(join(tray, "to-burn"));
    await rename(path, join(tray, "to-burn", seal));
    expect(await found()).toEqual(["PACKAGE_NOT_ON_TOP to-burn"]);
    await writeFile(join(tray, "to-burn", seal, "disc-002", "a.mp4"), clear);
    expect(await found()).toEqual(["PACKAGE_NOT_ON_TOP to-burn", `CLEAR_FILE to-burn/${seal}/disc-002/a.mp4`]);
  });

  it("what an interrupted run has left, once, from outside and inside, and what is hidden in that", async () => {
    const leftover = join(tray, `.${seal}.partial`);
    await rename(path, leftover);
    for (const isFinished of [true, false]) {
      expect(await found()).toEqual([`LEFTOVER .${seal}.partial`]);
      expect((await found(leftover)).map((each) => each.split(" ")[0])).toEqual(["LEFTOVER"]);
      if (isFinished) {
        expect((await found(join(leftover, "disc-002"))).map((each) => each.split(" ")[0])).toEqual(["LEFTOVER"]);
        for (const each of [1, 2, 3]) await rm(join(leftover, `disc-00${each}`, namesFor(seal).label));
      }
    }
    await writeFile(join(leftover, "disc-003", "a.mp4"), clear);
    expect(await found()).toEqual([`LEFTOVER .${seal}.partial`, `CLEAR_FILE .${seal}.partial/disc-003/a.mp4`]);
  });

  it("discs that have lost their labels, or all their files", async () => {
    await rm(disc(2, namesFor(seal).label));
    expect(await found()).toEqual([`PACKAGE_INCOMPLETE ${seal}/disc-002`]);
    for (const number of [1, 2, 3]) {
      await rm(disc(number), { recursive: true });
      await mkdir(disc(number));
    }
    expect(await found()).toEqual([1, 2, 3].map((number) => `PACKAGE_INCOMPLETE ${seal}/disc-00${number}`));
  });

  it("a package for a unit that nobody knows, once for all its discs", async () => {
    const other = await temporaryFolder();
    await forgePackage(other, sender, [makeUnit("CPS")], { discs, files });
    expect(await found(other)).toEqual([`RECIPIENT_UNKNOWN ${seal}`]);
    expect(await found(join(other, seal, "disc-002"))).toEqual(["RECIPIENT_UNKNOWN "]);
  });
});
