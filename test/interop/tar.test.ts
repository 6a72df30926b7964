/** The payload of the media container, listed and extracted by every tar a receiving unit may have. */
import { mkdtempSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  contentsOf,
  emptyFolder,
  evseal,
  exchange,
  interview,
  seal,
  sharedFolder,
  type Content,
  type Package,
} from "./exchange.js";
import { writeHardNames } from "./hard-names.js";
import { tars, type Tar } from "./tars.js";
import { describeWith, must } from "./programs.js";

const place = sharedFolder();
const byName = tars.map((tar) => [tar.name, tar] as const);

describeWith(
  ["age", "tar", "bsdtar", "python3", "7zz"],
  "a package of real media and of names that are hard to hold",
  () => {
    let sealed: Package;
    let archive: string;
    let expected: Record<string, Content>;

    beforeAll(async () => {
      const names = emptyFolder(place, "names");
      writeHardNames(names);
      const { sender, receiver } = await exchange(place, "--classic");
      sealed = await seal(place, sender, receiver, [interview, names]);
      archive = path.join(place, "media.tar");
      await must("age", ["-d", "-i", path.join(receiver.home, "receiving.age"), "-o", archive, sealed.container]);
      const below = (folder: string, contents: Record<string, Content>) =>
        Object.entries(contents).map(([name, content]) => [`${sealed.seal}/media/${folder}/${name}`, content] as const);
      expected = Object.fromEntries([
        ...below("interview", await contentsOf(interview)),
        ...below("names", await contentsOf(names)),
      ]);
    });

    test.each(byName)("%s lists every name and size, padding last, without a complaint", async (_, tar) => {
      const { entries, complaints } = await tar.list(archive);

      expect(complaints).toBe("");
      expect(entries.at(-1)?.path).toBe(`${sealed.seal}/padding`);
      const sizes = Object.entries(asGivenBy(tar, expected)).map(([name, { sizeBytes }]) => ({
        path: name,
        sizeBytes,
      }));
      expect(sorted(entries.slice(0, -1))).toEqual(sorted(sizes));
      expect(sizes.length).toBeGreaterThan(150);
    });

    test.each(byName)("%s would complain of an archive that is cut short", async (_, tar) => {
      const cut = path.join(place, "cut.tar");
      writeFileSync(cut, readFileSync(archive).subarray(0, 200_000));

      expect((await tar.extract(cut, mkdtempSync(path.join(place, "cut-")))).complaints).not.toBe("");
    });

    test.each(byName)("%s extracts every byte and time, without a complaint", async (_, tar) => {
      const out = emptyFolder(place, `out of ${tar.name}`);

      const { complaints } = await tar.extract(archive, out);

      expect(complaints).toBe("");
      expect(readdirSync(out)).toEqual([sealed.seal]);
      const { [`${sealed.seal}/padding`]: padding, ...found } = await contentsOf(out);
      expect(padding).toBeDefined();
      expect(found).toEqual(asGivenBy(tar, expected));
      for (const file of Object.keys(expected).filter((name) => name.includes("/names/around-100/"))) {
        const source = path.join(place, file.slice(`${sealed.seal}/media/`.length));
        expect(statSync(path.join(out, file)).mtimeMs, file).toBe(Math.floor(statSync(source).mtimeMs / 1000) * 1000);
      }
    });
  },
);

describeWith(["age", "tar", "bsdtar", "python3", "7zz"], "a package of files from before 1970 and after 2038", () => {
  const seconds: Readonly<Record<string, number>> = {
    "1969.wav": -86_400,
    "2038.wav": 2 ** 31,
    "2100.wav": 4_102_444_800,
  };
  let archive: string;
  let root: string;
  let openedByEvseal: string;

  beforeAll(async () => {
    const times = emptyFolder(place, "times");
    for (const [name, at] of Object.entries(seconds)) {
      writeFileSync(path.join(times, name), name);
      utimesSync(path.join(times, name), new Date(at * 1000), new Date(at * 1000)); // node takes a number below 0 for now
    }
    const { sender, receiver } = await exchange(emptyFolder(place, "units of times"), "--classic");
    const sealed = await seal(place, sender, receiver, [times]);
    archive = path.join(place, "times.tar");
    root = `${sealed.seal}/media/times`;
    await must("age", ["-d", "-i", path.join(receiver.home, "receiving.age"), "-o", archive, sealed.container]);
    openedByEvseal = emptyFolder(place, "times of evseal");
    await evseal(receiver.home, "open", sealed.folder, "--out", openedByEvseal);
  });

  // GNU tar remarks that these times are implausible, as they are; it sets them all the same.
  test.each(byName)("%s gives them their times", async (_, { name, extract }) => {
    const out = emptyFolder(place, `times of ${name}`);

    await extract(archive, out);

    expect(timesBelow(path.join(out, root))).toEqual(seconds);
  });

  test("evseal open gives them their times", () => {
    expect(timesBelow(path.join(openedByEvseal, root.replace("/", ".opened/")))).toEqual(seconds);
  });
});

/** The modification times of the files in `folder`, in seconds since 1970. */
function timesBelow(folder: string): Record<string, number> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mtimeMs / 1000]),
  );
}

/** What stands in the archive, as this program spells it. */
function asGivenBy(tar: Tar, contents: Record<string, Content>): Record<string, Content> {
  if (!tar.composesNames) return contents;
  return Object.fromEntries(Object.entries(contents).map(([name, content]) => [name.normalize("NFC"), content]));
}

function sorted(entries: readonly { path: string; sizeBytes: number }[]): unknown[] {
  return entries.map(({ path: name, sizeBytes }) => `${name} ${sizeBytes}`).sort();
}
