import { cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { interrupted } from "../../src/watch.js";
import { inspectPackage } from "../../src/opening/inspect-package.js";
import { listPackage } from "../../src/opening/list-package.js";
import { filePattern, openPackage } from "../../src/opening/open-package.js";
import type { MissingDiscs, NextDisc } from "../../src/opening/each-disc.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { namesFor, partName } from "../../src/package/names.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { identities, other, receiver, sender, trusted, watch } from "./attack.js";
import { forgePackage } from "./forged-package.js";

const seal = "EV-F0RG-ED00-0001";
const names = namesFor(seal);
const files = { "INT/a.mp4": "the interview ".repeat(30_000), "INT/b.txt": "note" };
/** Of 455,000 bytes: the first disc holds two parts. */
const discs = [[100_000, 65_536], [131_072], [1]];
let path = "";
let outDir = "";
let onDisc: readonly string[] = [];

beforeEach(async () => {
  path = await forgePackage(await temporaryFolder(), sender, [receiver], { files, discs });
  outDir = await temporaryFolder();
  onDisc = [1, 2, 3].map((disc) => join(path, `disc-00${disc}`));
});

const open = (paths: readonly string[], nextDisc?: NextDisc) =>
  openPackage(paths, { outDir, trusted, identities, watch, nextDisc });
const verify = (paths: readonly string[], nextDisc?: NextDisc) => verifyPackage(paths, { trusted, watch, nextDisc });

async function expectOpened(): Promise<void> {
  const media = join(outDir, `${seal}.opened`, "media");
  expect(await readFile(join(media, "INT/a.mp4"), "utf8")).toBe(files["INT/a.mp4"]);
  expect(await readFile(join(media, "INT/b.txt"), "utf8")).toBe("note");
  expect(await readdir(outDir)).toEqual([`${seal}.opened`]);
}

/** Puts into the drive what a person would, one disc after the other, and tells what it was asked. */
function person(drive: string, inserted: readonly (string | undefined)[]): { next: NextDisc; asked: MissingDiscs[] } {
  const asked: MissingDiscs[] = [];
  const waiting = [...inserted];
  const next: NextDisc = async (missing) => {
    asked.push(missing);
    if (waiting.length === 0) throw interrupted();
    const disc = waiting.shift();
    await rm(drive, { recursive: true, force: true });
    await mkdir(drive);
    if (disc !== undefined) await cp(disc, drive, { recursive: true });
    return drive;
  };
  return { next, asked };
}

/** Names one folder after the other, as a person does who types them. */
function answering(paths: readonly string[]): { next: NextDisc; asked: MissingDiscs[] } {
  const asked: MissingDiscs[] = [];
  const next: NextDisc = (missing) => {
    const path = paths[asked.push(missing) - 1];
    return path === undefined ? Promise.reject(interrupted()) : Promise.resolve(path);
  };
  return { next, asked };
}

describe("a package on several discs", () => {
  it("is verified and opened from all its folders, in any order, or from the folder they are in", async () => {
    for (const paths of [[path], onDisc, [...onDisc].reverse()]) {
      const verified = await verify(paths);
      expect(verified.containers.map(({ name, disc }) => [name, disc])).toEqual([
        [partName(seal, 1), 1],
        [partName(seal, 2), 1],
        [partName(seal, 3), 2],
        [partName(seal, 4), 3],
      ]);
      await expect(open(paths)).resolves.toMatchObject({ files: 2, verified: true });
      await expectOpened();
      await rm(join(outDir, `${seal}.opened`), { recursive: true });
    }
  });

  it("is opened from one folder into which all its files were copied", async () => {
    const together = await temporaryFolder();
    for (const disc of onDisc) await cp(disc, together, { recursive: true });
    await open([together]);
    await expectOpened();
    await verify([together]);
  });

  it("is opened from discs in drives of their own, each in a folder named for the package, and only in part", async () => {
    const drives = await Promise.all(
      onDisc.map(async (disc) => {
        const drive = await temporaryFolder();
        await cp(disc, join(drive, seal), { recursive: true });
        return drive;
      }),
    );
    await expect(
      openPackage(drives, { outDir, trusted, identities, watch, only: filePattern("**/b.txt") }),
    ).resolves.toMatchObject({ files: 1, of: 2 });
  });

  it("can be listed and looked at by any one of them", async () => {
    for (const disc of onDisc) {
      expect((await listPackage(disc, { trusted, identities })).files).toHaveLength(2);
      const { containers, stanzas } = await inspectPackage(disc, { trusted });
      expect([containers.length, stanzas]).toEqual([4, [receiver.identity.recipient.kind]]);
    }
  });

  it("with a disc missing says which, before anything is read for long", async () => {
    await expect(verify(onDisc.slice(1))).rejects.toEqual(refusal("DISC_MISSING"));
    await expect(verify(onDisc.slice(1))).rejects.toThrow("disc 1 of 3 is not here");
    await expect(open(onDisc.slice(2))).rejects.toThrow("discs 1, 2 of 3 are not here");
    await rm(onDisc[1] ?? "", { recursive: true });
    await expect(open([path])).rejects.toThrow("disc 2 of 3 is not here");
    expect(await readdir(outDir)).toEqual([]);
  });

  it("with part of a disc missing, or of another size, is refused", async () => {
    await rm(join(onDisc[0] ?? "", partName(seal, 2)));
    await expect(verify([path])).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    await truncate(join(onDisc[2] ?? "", partName(seal, 4)), 5);
    await expect(verify(onDisc.slice(2))).rejects.toEqual(refusal("CUT_SHORT"));
  });

  it("with a disc of another package, or one twice, is refused", async () => {
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], { seal: "EV-F0RG-ED00-0002", discs });
    await expect(verify([...onDisc.slice(0, 2), join(other, "disc-003")])).rejects.toEqual(refusal("DISC_FOREIGN"));
    // The same number, from another sealing: the labels differ.
    const again = await forgePackage(await temporaryFolder(), sender, [receiver], { discs, files });
    const mixed = [...onDisc.slice(0, 2), join(again, "disc-003")];
    await expect(verify(mixed)).rejects.toEqual(refusal("DISC_FOREIGN"));
    await expect(open(mixed)).rejects.toEqual(refusal("DISC_FOREIGN"));
    await expect(verify([...onDisc, onDisc[1] ?? ""])).rejects.toThrow("disc 2 of 3 is named twice");
  });

  it("is not opened into its own folder, nor into one beside its discs", async () => {
    await expect(openPackage([path], { outDir: path, trusted, identities, watch })).rejects.toEqual(
      refusal("OUTPUT_INSIDE_SOURCE"),
    );
    const plain = join(path, "plain");
    await mkdir(plain);
    await expect(openPackage(onDisc, { outDir: plain, trusted, identities, watch })).rejects.toEqual(
      refusal("OUTPUT_INSIDE_SOURCE"),
    );
    expect(await readdir(plain)).toEqual([]);
  });

  it("that is damaged says which disc it is", async () => {
    const part = join(onDisc[1] ?? "", partName(seal, 3));
    const content = await readFile(part);
    content[70_000] = (content[70_000] ?? 0) ^ 1;
    await writeFile(part, content);
    for (const attempt of [() => verify([path]), () => open([path])]) {
      await expect(attempt()).rejects.toEqual(refusal("ALTERED"));
      await expect(attempt()).rejects.toThrow("disc 2 of 3");
    }
    expect(await readdir(outDir)).toEqual([]);
  });

  it("has its manifest verified on every disc", async () => {
    const manifest = join(onDisc[2] ?? "", names.manifest);
    const content = await readFile(manifest);
    content[content.length - 1] = (content[content.length - 1] ?? 0) ^ 1;
    await writeFile(manifest, content);
    await expect(verify([path])).rejects.toThrow("disc 3 of 3");
  });

  it("may have nothing beside the folders of its discs, nor in them", async () => {
    await writeFile(join(path, "note.txt"), "");
    await expect(verify([path])).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    await rename(join(path, "note.txt"), join(onDisc[1] ?? "", "note.txt"));
    await expect(verify([path])).rejects.toEqual(refusal("PACKAGE_FOREIGN_FILE"));
  });
});

describe("discs that come one after the other into one drive", () => {
  it("are asked for, the wrong one is told, and all is opened; no copy is left", async () => {
    const drive = join(await temporaryFolder(), "drive");
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], { seal: "EV-F0RG-ED00-0002" });
    const { next, asked } = person(drive, [undefined, other, onDisc[2], onDisc[2], onDisc[0]]);
    await cp(onDisc[1] ?? "", drive, { recursive: true });
    await expect(open([drive], next)).resolves.toMatchObject({ files: 2 });
    await expectOpened();
    expect(asked.map(({ discs, complaint }) => [discs, complaint?.code])).toEqual([
      [[1, 3], undefined],
      [[1, 3], "PACKAGE_NOT_FOUND"],
      [[1, 3], "DISC_FOREIGN"],
      [[1], undefined],
      [[1], "DISC_TWICE"],
    ]);
  });

  it("are asked for no more once they are taken, also where a folder holds one of them again", async () => {
    const all = answering([path]);
    await expect(open(onDisc.slice(2), all.next)).resolves.toMatchObject({ files: 2 });
    await expectOpened();
    expect(all.asked).toHaveLength(1);
    const some = answering([path, onDisc[2] ?? ""]);
    await verify(onDisc.slice(1, 2), some.next);
    expect(some.asked.map(({ discs, complaint }) => [discs, complaint?.code])).toEqual([
      [[1, 3], undefined],
      [[3], "DISC_TWICE"],
    ]);
  });

  it("are asked for again where another package is put in, also one that nobody we trust has signed", async () => {
    const foreign = await forgePackage(await temporaryFolder(), other, [receiver], { seal: "EV-F0RG-ED00-0002" });
    const { next, asked } = answering([foreign, ...onDisc.slice(1)]);
    await open(onDisc.slice(0, 1), next);
    await expectOpened();
    expect(asked.map(({ complaint }) => complaint?.code)).toEqual([undefined, "DISC_FOREIGN", undefined]);
  });

  it("are verified one by one, each while it is there", async () => {
    const drive = join(await temporaryFolder(), "drive");
    const { next, asked } = person(drive, [onDisc[1], onDisc[2]]);
    await cp(onDisc[0] ?? "", drive, { recursive: true });
    await expect(verify([drive], next)).resolves.toMatchObject({ ok: true, seal });
    expect(asked.map(({ discs, discCount }) => [discs, discCount])).toEqual([
      [[2, 3], 3],
      [[3], 3],
    ]);
  });

  it("leave nothing when the asking ends, when one is damaged, and when one is of another sender", async () => {
    const drive = join(await temporaryFolder(), "drive");
    await cp(onDisc[0] ?? "", drive, { recursive: true });
    await expect(open([drive], person(drive, [onDisc[1]]).next)).rejects.toEqual(refusal("INTERRUPTED"));
    expect(await readdir(outDir)).toEqual([]);
    const part = join(onDisc[2] ?? "", partName(seal, 4));
    const { size } = await stat(part);
    const content = await readFile(part);
    content[size - 1] = (content[size - 1] ?? 0) ^ 1;
    await writeFile(part, content);
    await expect(open([onDisc[0] ?? ""], person(drive, [onDisc[1], onDisc[2]]).next)).rejects.toThrow("disc 3 of 3");
    expect(await readdir(outDir)).toEqual([]);
  });
});
