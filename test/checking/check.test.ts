import { copyFile, link, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
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
const known = new Set([sender, receiver].map((unit) => partyOf(unit).fingerprint));
const options = { trusted, known, expected: undefined, expectedDigest: undefined, watch: quietWatch() };
const check = (path: string) => checkTree(path, options);

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
  expect(findings.map((found) => ({ ...found, path: found.path.toString() }))).toEqual([
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
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(await check(path)).toEqual({ ok: true, digest, packages: [sealed()], findings: [], moreFindings: 0 });
  });
});

describe("the gate says no to", () => {
  it("an empty folder", async () => {
    const empty = await temporaryFolder();
    await refused("NOTHING_SEALED", empty, empty);
  });

  it("a path that is not there: a gate that cannot look says no", async () => {
    await refused("NOTHING_THERE", join(tray, "missing"), join(tray, "missing"));
  });

  it("a file, even of a package: what is burned is a folder", async () => {
    const file = join(path, "HOW-TO-OPEN.txt");
    await refused("CLEAR_FILE", file, file);
  });

  it.each(["interview.mp4", ".DS_Store", "Thumbs.db", "EV-F0RG-ED00-0001.evseal", "EV-F0RG-ED00-0009"])(
    "a stray file %s in the tray",
    async (name) => {
      await writeFile(join(tray, name), "");
      await refused("CLEAR_FILE", join(tray, name));
    },
  );

  it("a stray file in a package: each file of the folder must be on the label, whatever it is called", async () => {
    await writeFile(join(path, "EV-F0RG-ED00-0001.evseal.part2"), "");
    await refused("CLEAR_FILE", join(path, "EV-F0RG-ED00-0001.evseal.part2"));
  });

  it("a second label in a package: it could speak for another file", async () => {
    const second = join(path, "EV-F0RG-ED00-0002.label.json");
    await copyFile(join(path, "EV-F0RG-ED00-0001.label.json"), second);
    await refused("CLEAR_FILE", second);
  });

  it("a second name of a sealed file, which the label does not know, though not a byte of it is in the clear", async () => {
    await link(join(path, "EV-F0RG-ED00-0001.evseal"), join(tray, "copy.evseal"));
    await refused("CLEAR_FILE", join(tray, "copy.evseal"));
  });

  it("a folder in a package, and a folder that is no package, empty or not", async () => {
    await mkdir(join(path, "VIDEO_TS"));
    await refused("EMPTY_FOLDER", join(path, "VIDEO_TS"));
  });

  it("a folder of clear video: the folder and every file below it, at any depth", async () => {
    await mkdir(join(tray, "disc/VIDEO_TS"), { recursive: true });
    await writeFile(join(tray, "disc/VIDEO_TS/VTS_01_1.VOB"), "");
    const { findings } = await check(tray);
    expect(findings.map(({ code, path }) => [code, path.toString()])).toEqual([
      ["CLEAR_FOLDER", join(tray, "disc")],
      ["CLEAR_FOLDER", join(tray, "disc/VIDEO_TS")],
      ["CLEAR_FILE", join(tray, "disc/VIDEO_TS/VTS_01_1.VOB")],
    ]);
  });

  it("a package inside of another, whole as it is", async () => {
    const inner = await forgePackage(path, sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    const { findings } = await check(tray);
    expect(findings[0]).toMatchObject({ code: "CLEAR_FOLDER" });
    expect(findings[0]?.path.toString()).toBe(inner);
  });

  it("a package that has lost its label: nothing says any more what the rest is", async () => {
    await rm(join(path, "EV-F0RG-ED00-0001.label.json"));
    await refused("PACKAGE_INCOMPLETE", path);
  });

  it("a private key, by its own code", async () => {
    await writeFile(join(tray, "notes.txt"), "see below\nAGE-SECRET-KEY-1QQQQ\n");
    await refused("PRIVATE_KEY", join(tray, "notes.txt"));
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

  it("a socket", async () => {
    const server = createServer().listen(join(tray, "socket"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    await refused("SPECIAL_FILE", join(tray, "socket"));
  });

  it("a link or a pipe in the place of a package's file: what is behind it is not on the disc", async () => {
    const file = join(path, "HOW-TO-OPEN.txt");
    await rename(file, join(await temporaryFolder(), "elsewhere"));
    execFileSync("mkfifo", [file]);
    await refused("SPECIAL_FILE", file);
    await rm(file);
    await symlink("/etc/hostname", file);
    await refused("LINK", file);
  });

  it("what an interrupted run has left, and what is hidden in that", async () => {
    const leftover = join(tray, ".EV-0000-0000-0000.partial");
    await mkdir(leftover);
    await writeFile(join(leftover, "EV-0000-0000-0000.evseal"), "");
    await refused("LEFTOVER", leftover);
    await writeFile(join(leftover, "a.mp4"), "");
    expect((await check(tray)).findings.map(({ code }) => code)).toEqual(["LEFTOVER", "CLEAR_FILE"]);
  });

  it("what an interrupted run has left, though every file of a package is in it, from outside and inside", async () => {
    const leftover = join(tray, `.${basename(path)}.partial`);
    await rename(path, leftover);
    await refused("LEFTOVER", leftover);
    expect((await check(leftover)).findings.map(({ code }) => code)).toEqual(["LEFTOVER"]);
  });

  it("what an interrupted opening has left, which is evidence in the clear", async () => {
    await mkdir(join(tray, ".EV-0000-0000-0000.opened.partial"));
    await refused("LEFTOVER", join(tray, ".EV-0000-0000-0000.opened.partial"));
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
    expect(findings.map(({ code }) => code)).toEqual(["CLEAR_FILE", "EMPTY_FOLDER", "LINK"]);
    expect(packages).toHaveLength(1);
  });
});

it("the gate stops when interrupted", async () => {
  const watch = quietWatch(AbortSignal.abort());
  await expect(checkTree(tray, { ...options, watch })).rejects.toThrow(refusal("INTERRUPTED"));
});
