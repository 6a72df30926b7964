import fsPromises from "node:fs/promises";
import { mkdir, open, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isInUse, openOnThisMachine } from "../../src/output/in-use.js";
import { identityOf } from "../../src/output/place.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn, systemError } from "../stand-in.js";

const hourMs = 60 * 60 * 1000;

describe.runIf(process.platform === "linux")("where open descriptors can be seen", () => {
  it("a folder is in use while a process holds it open, and no longer", async () => {
    const folder = await temporaryFolder();
    const identity = identityOf(await stat(folder, { bigint: true }));
    const held = await open(folder, "r");
    const during = await openOnThisMachine();
    expect(during?.has(identity)).toBe(true);
    expect(await isInUse(folder, during)).toBe(true);
    await held.close();
    const after = await openOnThisMachine();
    expect(after?.has(identity)).toBe(false);
    expect(await isInUse(folder, after)).toBe(false);
  });

  it("a link to what is held is not, itself, in use", async () => {
    const folder = await temporaryFolder();
    const held = await open(folder, "r");
    const link = join(await temporaryFolder(), "link");
    await fsPromises.symlink(folder, link);
    expect(await isInUse(link, await openOnThisMachine())).toBe(false);
    await held.close();
  });

  it("a process that ends while it is looked at hides no other", async () => {
    const folder = await temporaryFolder();
    const held = await open(folder, "r");
    const gone = `/proc/${String(process.ppid)}/fd`;
    standIn(fsPromises, "readdir", (readdir) => async (...given) => {
      if (given[0] === gone) throw systemError("ENOENT");
      return await readdir(...given);
    });
    standIn(fsPromises, "stat", (find) => async (...given) => {
      if (given[0] === `/proc/${String(process.pid)}/fd/0`) throw systemError("ENOENT");
      return await find(...given);
    });
    expect(await isInUse(folder, await openOnThisMachine())).toBe(true);
    await held.close();
  });

  it("what has just gone counts as in use: somebody is at work there", async () => {
    expect(await isInUse(join(await temporaryFolder(), "gone"), new Set())).toBe(true);
  });
});

describe("where open descriptors cannot be seen", () => {
  it("the system says so, and is not taken for one on which nothing is open", async () => {
    standIn(fsPromises, "readdir", () => () => Promise.reject(systemError("ENOENT"))); // as where there is no /proc
    expect(await openOnThisMachine()).toBeUndefined();
  });

  it("what changed within a day is in use, be it the folder or a file in it", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "EV.evseal");
    await writeFile(file, "");
    const at = async (folderMs: number, fileMs: number): Promise<boolean> => {
      await utimes(file, new Date(fileMs), new Date(fileMs));
      await utimes(folder, new Date(folderMs), new Date(folderMs));
      return await isInUse(folder, undefined);
    };
    const [young, old] = [Date.now() - 23 * hourMs, Date.now() - 25 * hourMs];
    expect(await at(young, old)).toBe(true);
    expect(await at(old, young)).toBe(true);
    expect(await at(old, old)).toBe(false);
  });

  it("a file has an age of its own", async () => {
    const file = join(await temporaryFolder(), ".card.json.partial");
    await writeFile(file, "");
    expect(await isInUse(file, undefined)).toBe(true);
    await utimes(file, new Date(0), new Date(0));
    expect(await isInUse(file, undefined)).toBe(false);
  });

  it("a folder from which a file has just gone is in use", async () => {
    const folder = await temporaryFolder();
    const old = join(folder, "old");
    await mkdir(old);
    await writeFile(join(old, "EV.evseal"), "");
    standIn(fsPromises, "readdir", (readdir) => async (...given) => {
      const found = await readdir(...given);
      await rm(join(old, "EV.evseal"));
      await utimes(old, new Date(0), new Date(0));
      return found;
    });
    await utimes(old, new Date(0), new Date(0));
    expect(await isInUse(old, undefined)).toBe(true);
  });
});
