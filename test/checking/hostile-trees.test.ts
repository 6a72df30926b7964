/** Trees that were made to mislead the gate, to hang it, or to exhaust it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { chmod, mkdir, readFile, rename, symlink, truncate, utimes, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { checkTree, type CheckResult } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const trusted = TrustedSigners.of([sender.card]);
const known = new Set([partyOf(receiver).fingerprint]);
const check = (path: string, watch = quietWatch()) =>
  checkTree(path, { trusted, known, expected: undefined, expectedDigest: undefined, watch });

const named = ({ findings }: Pick<CheckResult, "findings">): readonly string[] =>
  findings.map(({ code, path: at }) => `${code} ${at.toString()}`);

let tray = "";
let path = "";
let container = "";
beforeEach(async () => {
  tray = await temporaryFolder();
  path = await forgePackage(tray, sender, [receiver]);
  container = join(path, "EV-F0RG-ED00-0001.evseal");
});

const isRoot = process.getuid?.() === 0;

/** The check of the tray, with `act` done in the middle of it: when the container is about to be hashed. */
async function checkWhile(act: () => Promise<void>) {
  let acted: Promise<void> | undefined;
  const watch = { ...quietWatch(), progress: () => void (acted ??= act()) };
  const result = await check(tray, watch);
  expect(acted).toBeDefined();
  await acted;
  return result;
}

it("a file of 100 GB without a byte in it is named in a moment: its ends are read, not the file", async () => {
  await writeFile(join(tray, "a"), "");
  await truncate(join(tray, "a"), 100e9);
  const started = performance.now();
  expect((await check(tray)).findings).toMatchObject([{ detail: "a file of unknown content" }]);
  expect(performance.now() - started).toBeLessThan(5000);
});

it("thousands of stray files are all counted, and a hundred of them named", async () => {
  for (let i = 0; i < 3000; i += 1) writeFileSync(join(tray, `stray ${i}`), "");
  const { ok, findings, moreFindings } = await check(tray);
  expect({ ok, named: findings.length, moreFindings }).toEqual({ ok: false, named: 100, moreFindings: 2900 });
});

it("folders inside folders end the walk at a depth, and the file at their bottom cannot pass by that", async () => {
  const deep = join(tray, "d/".repeat(1000));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, "a.mp4"), "");
  const { findings } = await check(tray);
  expect(findings.map(({ code }) => code).at(-1)).toBe("TOO_DEEP");
  expect(findings.length).toBeLessThan(40);
});

it("a link to the tray itself is a link, and not a way round and round", async () => {
  await symlink(tray, join(tray, "again"));
  expect((await check(tray)).findings).toMatchObject([{ code: "LINK" }]);
});

it.runIf(isRoot)("a tray mounted below itself is noticed, not walked round and round", async (context) => {
  const again = join(tray, "again");
  await mkdir(again);
  try {
    execFileSync("mount", ["--bind", tray, again], { stdio: "ignore" });
  } catch {
    context.skip("this machine does not let its root mount");
  }
  onTestFinished(() => void execFileSync("umount", [again]));
  expect(named(await check(tray))).toEqual([`FOLDER_LOOP ${again}`]);
});

it.skipIf(isRoot)("a folder or a file that may not be read may hold anything", async () => {
  await mkdir(join(tray, "closed"), { mode: 0 });
  await writeFile(join(tray, "secret"), "", { mode: 0 });
  onTestFinished(() => chmod(join(tray, "closed"), 0o700));
  expect((await check(tray)).findings).toMatchObject([{ code: "UNREADABLE" }, { code: "UNREADABLE" }]);
});

it("a name that is not UTF-8 is still found, and its file named by its content", async () => {
  await writeFile(Buffer.concat([Buffer.from(`${tray}/M`), Buffer.from([0xfc]), Buffer.from("ller.mp4")]), "%PDF-1.4");
  const result = await check(tray);
  expect(result.findings).toMatchObject([{ detail: "a document (PDF)" }]);
  expect(named(result)).toEqual([`CLEAR_FILE ${join(tray, "M\ufffdller.mp4")}`]);
});

it("a sealed file that is swapped for clear video once it was opened: what was hashed is not what will be burned", async () => {
  const { findings } = await checkWhile(async () => {
    await rename(container, join(tray, "..", "swapped"));
    await writeFile(container, "CLEARTEXT");
  });
  expect(named({ findings })).toContain(`CHANGED ${container}`);
});

it("a sealed file that is written over and given back its size and times, after it was hashed", async () => {
  const label = join(path, "EV-F0RG-ED00-0001.label.json");
  const { findings } = await checkWhile(async () => {
    const { atime, mtime } = await stat(label);
    const bytes = await readFile(label);
    bytes[bytes.length - 5] = 0x20;
    await writeFile(label, bytes);
    await utimes(label, atime, mtime);
  });
  expect(named({ findings })).toEqual([`CHANGED ${label}`]);
});

it("a file that is put there while the sealed ones are hashed", async () => {
  const { findings } = await checkWhile(() => writeFile(join(tray, "late.mp4"), ""));
  expect(named({ findings })).toContain(`CHANGED ${join(tray, "late.mp4")}`);
});
