import { mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { checkTree } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const trusted = TrustedSigners.of([sender.card]);
const check = (path: string) => checkTree(path, { trusted, watch: quietWatch() });

let tray = "";
let path = "";
beforeEach(async () => {
  tray = await temporaryFolder();
  path = await forgePackage(tray, sender, [receiver]);
});

/** The gate says no, with exactly this code for exactly this path. */
async function refused(code: string, at: string, root = tray): Promise<void> {
  const { ok, findings } = await check(root);
  expect(ok).toBe(false);
  expect(findings).toEqual([
    { code, path: at, detail: expect.any(String) as string, hint: expect.any(String) as string },
  ]);
}

describe("the gate says yes to", () => {
  const sealed = () => ({
    seal: "EV-F0RG-ED00-0001",
    path,
    sender: partyOf(sender),
    recipients: [partyOf(receiver)],
  });

  it("a tray of packages", async () => {
    await forgePackage(tray, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    const result = await check(tray);
    expect(result).toMatchObject({ ok: true, findings: [] });
    expect(result.packages).toHaveLength(2);
    expect(result.packages[0]).toEqual(sealed());
  });

  it("a package itself, as a mounted disc shows it", async () => {
    expect(await check(path)).toEqual({ ok: true, packages: [sealed()], findings: [] });
  });
});

describe("the gate says no to", () => {
  it("an empty folder", async () => {
    const empty = await temporaryFolder();
    await refused("NOTHING_SEALED", empty, empty);
  });

  it("a path that is not there, or a file", async () => {
    await refused("UNREADABLE", join(tray, "missing"), join(tray, "missing"));
    const file = join(path, "HOW-TO-OPEN.txt");
    await refused("UNREADABLE", file, file);
  });

  it.each(["interview.mp4", ".DS_Store", "Thumbs.db", "EV-F0RG-ED00-0001.evseal", "EV-F0RG-ED00-0009"])(
    "a stray file %s in the tray",
    async (name) => {
      await writeFile(join(tray, name), "");
      await refused("CLEAR_FILE", join(tray, name));
    },
  );

  it("a stray file in a package", async () => {
    await writeFile(join(path, "note.txt"), "");
    await refused("PACKAGE_FOREIGN_FILE", path);
  });

  it("a folder in a package", async () => {
    await mkdir(join(path, "VIDEO_TS"));
    await refused("PACKAGE_FOREIGN_FILE", path);
  });

  it("a folder that is no package, empty or not", async () => {
    await mkdir(join(tray, "VIDEO_TS"));
    await refused("PACKAGE_NOT_FOUND", join(tray, "VIDEO_TS"));
  });

  it("packages in a folder of another name: names tell", async () => {
    await rename(path, join(tray, "Smith interview"));
    await refused("FOLDER_NAME", join(tray, "Smith interview"));
  });

  it("a link, even to a package", async () => {
    await symlink(path, join(tray, "EV-0000-0000-0000"));
    await refused("LINK", join(tray, "EV-0000-0000-0000"));
  });

  it("a pipe", async () => {
    execFileSync("mkfifo", [join(tray, "pipe")]);
    await refused("SPECIAL_FILE", join(tray, "pipe"));
  });

  it("what an interrupted run has left", async () => {
    await mkdir(join(tray, ".EV-0000-0000-0000.partial"));
    await refused("LEFTOVER", join(tray, ".EV-0000-0000-0000.partial"));
  });

  it.each(["opened", "selected"])("what an interrupted run has %s", async (word) => {
    await mkdir(join(tray, `.EV-0000-0000-0000.${word}.partial`));
    await refused("LEFTOVER_CLEAR", join(tray, `.EV-0000-0000-0000.${word}.partial`));
  });

  it("a package that nobody we trust has signed", async () => {
    const other = makeUnit("Stranger");
    const foreign = await forgePackage(tray, other, [receiver], { seal: "EV-F0RG-ED00-0003" });
    await refused("SIGNER_UNKNOWN", foreign);
  });

  it("a package with a file cut off, altered, or missing", async () => {
    for (const name of await readdir(path)) {
      const broken = await temporaryFolder();
      const copy = await forgePackage(broken, sender, [receiver]);
      await writeFile(join(copy, name), "");
      expect((await check(broken)).ok, name).toBe(false);
    }
  });

  it("a HOW-TO-OPEN.txt that evseal never shipped, though its hash is signed", async () => {
    const altered = await forgePackage(await temporaryFolder(), sender, [receiver], {
      howTo: "Smith interview, tape 2",
    });
    const { findings } = await check(altered);
    expect(findings.map(({ code }) => code)).toEqual(["CLEAR_FOUND"]);
  });

  it("a container or a manifest in the clear, though its hash is signed", async () => {
    const clear = Buffer.from("CLEARTEXT interview ".repeat(100));
    for (const forgery of [{ container: () => clear }, { sealedManifest: () => clear }]) {
      const unsealed = await forgePackage(await temporaryFolder(), sender, [receiver], forgery);
      expect((await check(unsealed)).findings.map(({ code }) => code)).toEqual(["NOT_SEALED"]);
    }
  });

  it("a sealed file with a stanza too many, of a length that no padding gives, or cut off in its header", async () => {
    const other = makeUnit("Other");
    for (const forgery of [
      { mediaRecipients: [receiver, other] },
      { archive: (archive: Uint8Array) => Buffer.concat([archive, Buffer.alloc(512 * 1000 + 1)]) },
      { container: (container: Uint8Array) => container.subarray(0, 100) },
      { container: (container: Uint8Array) => container.subarray(0, container.length - 1) },
    ]) {
      const unsealed = await forgePackage(await temporaryFolder(), sender, [receiver], forgery);
      expect((await check(unsealed)).findings.map(({ code }) => code)).toEqual(["NOT_SEALED"]);
    }
  });

  it("everything wrong at once, each by its own name", async () => {
    await writeFile(join(tray, "a.mp4"), "");
    await mkdir(join(tray, "b"));
    await symlink("/", join(tray, "c"));
    const { findings, packages } = await check(tray);
    expect(findings.map(({ code }) => code)).toEqual(["CLEAR_FILE", "PACKAGE_NOT_FOUND", "LINK"]);
    expect(packages).toHaveLength(1);
  });
});

it("the gate stops when interrupted", async () => {
  const watch = quietWatch(AbortSignal.abort());
  await expect(checkTree(tray, { trusted, watch })).rejects.toThrow(refusal("INTERRUPTED"));
});
