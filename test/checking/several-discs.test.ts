/** The gate lets a package on several discs pass, in its tray and disc by disc, and its digest is anybody's. */
import { execFileSync } from "node:child_process";
import { cp, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forgePackage } from "../opening/forged-package.js";
import { temporaryFolder } from "../temporary-folder.js";
import { partyOf } from "../units.js";
import { check, DiscTray, forgeOnDiscs, receiver, seal, sender } from "./disc-tray.js";

const tray = new DiscTray();

/** Which discs pass. */
async function passing(root: string): Promise<readonly string[]> {
  const { packages, findings } = await check(root);
  expect(findings).toEqual([]);
  return packages.map(({ seal, disc, of }) => `${seal} ${disc ?? "-"} ${of ?? "-"}`);
}

describe("the gate says yes to", () => {
  it("a tray with all discs of a package, beside another package, and tells each disc", async () => {
    await forgePackage(tray.path, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    expect(await passing(tray.path)).toEqual([`${seal} 1 3`, `${seal} 2 3`, `${seal} 3 3`, "EV-F0RG-ED00-0002 - -"]);
    expect((await check(tray.path)).packages[1]).toEqual({
      seal,
      path: tray.disc(2),
      sender: partyOf(sender),
      recipients: [partyOf(receiver)],
      disc: 2,
      of: 3,
    });
  });

  it("the package's folder itself, however it is typed", async () => {
    for (const typed of [tray.package, `${tray.package}/`, `${tray.package}/disc-001/..`])
      expect(await passing(typed)).toEqual([`${seal} 1 3`, `${seal} 2 3`, `${seal} 3 3`]);
  });

  it("what is about to be burned on one disc, and that disc, whatever its folder is called", async () => {
    for (const number of [1, 2, 3]) expect(await passing(tray.disc(number))).toEqual([`${seal} ${number} 3`]);
    await rename(tray.disc(2), join(tray.path, "dvd"));
    expect(await passing(join(tray.path, "dvd"))).toEqual([`${seal} 2 3`]);
  });

  it("a disc that has its files in a folder named for the package", async () => {
    const mounted = await temporaryFolder();
    await cp(tray.disc(3), join(mounted, seal), { recursive: true });
    expect(await passing(mounted)).toEqual([`${seal} 3 3`]);
  });

  it("two discs in one folder, each told, and all of them, which are a package", async () => {
    const together = join(await temporaryFolder(), seal);
    for (const number of [2, 3]) await cp(tray.disc(number), together, { recursive: true });
    expect(await passing(together)).toEqual([`${seal} 2 3`, `${seal} 3 3`]);
    await cp(tray.disc(1), together, { recursive: true });
    expect(await passing(together)).toEqual([`${seal} - -`]);
  });

  it("parts on one disc, as a stick with FAT needs them, which are a package", async () => {
    const stick = await temporaryFolder();
    await forgeOnDiscs(stick, { discs: [[4000, 500, 1]] });
    expect(await passing(stick)).toEqual([`${seal} - -`]);
  });
});

it("the digest is what FORMAT.md's line of shell gives, of a tray, of a package and of a disc", async () => {
  const format = await readFile(new URL("../../docs/FORMAT.md", import.meta.url), "utf8");
  const [, line = ""] = /## The digest of a tree\n.+?```sh\n(.+?)```/s.exec(format) ?? [];
  await forgePackage(tray.path, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
  for (const root of [tray.path, tray.package, tray.disc(1), tray.disc(2)]) {
    const shell = execFileSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
    expect(shell).toBe(`${(await check(root)).digest ?? ""}  -\n`);
  }
});
