import { execFileSync } from "node:child_process";
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OpenSource } from "../../src/media/open-source.js";
import { listSources } from "../../src/media/source-list.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

const list = async (...sources: string[]) => (await listSources(sources, quietWatch())).map(({ path }) => path.text);

describe("the list of sources", () => {
  it("has every file below a folder's own name, in the order of their paths", async () => {
    const folder = join(await temporaryFolder(), "INT-001");
    await mkdir(join(folder, "VIDEO_TS"), { recursive: true });
    await mkdir(join(folder, "empty"));
    for (const name of ["b.wav", "a.mp4", "VIDEO_TS/VTS_01_1.VOB"]) await writeFile(join(folder, name), name);
    expect(await list(folder)).toEqual(["INT-001/VIDEO_TS/VTS_01_1.VOB", "INT-001/a.mp4", "INT-001/b.wav"]);
    expect(await list(`${folder}/`)).toEqual(await list(folder));
  });

  it("finds each where it stands, below whatever name its folder was given by", async () => {
    const folder = await temporaryFolder();
    for (const below of ["one", "two"]) {
      await mkdir(join(folder, below, "INT"), { recursive: true });
      await writeFile(join(folder, below, "INT", `${below}.mp4`), below);
    }
    const given = [`${folder}/one/INT/`, `${folder}/one/../two/./INT`];
    const found = await listSources(given, quietWatch());
    expect(found.map(({ path }) => path.text)).toEqual(["INT/one.mp4", "INT/two.mp4"]);
    for (const [index, { place }] of found.entries()) {
      const source = new OpenSource(place);
      const room = Buffer.alloc(10);
      expect(room.toString("latin1", 0, source.read(room))).toBe(["one", "two"][index]);
      source.close();
    }
  });

  it("has a single file under its name, and size and time of each", async () => {
    const file = join(await temporaryFolder(), "a.mp4");
    await writeFile(file, "1234");
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const [source] = await listSources([file], quietWatch());
    expect(source).toMatchObject({ sizeBytes: 4, modified: "2023-11-14T22:13:20.000000000Z" });
  });
});

describe("refused among the sources:", () => {
  const refused = async (code: Parameters<typeof refusal>[0], ...sources: string[]): Promise<void> => {
    await expect(list(...sources)).rejects.toThrow(refusal(code));
  };

  it("nothing at all", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "empty"));
    await refused("NOTHING_TO_PACK", folder);
    await refused("NOTHING_TO_PACK");
  });

  it("what is not there", async () => refused("SOURCE_UNREADABLE", join(await temporaryFolder(), "missing")));

  it("a link, named or inside", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.mp4"), "");
    await symlink("a.mp4", join(folder, "link"));
    await refused("SOURCE_NOT_REGULAR", folder);
    await refused("SOURCE_NOT_REGULAR", join(folder, "link"));
  });

  it("a pipe, a device", async () => {
    const folder = await temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await refused("SOURCE_NOT_REGULAR", folder);
    await refused("SOURCE_NOT_REGULAR", "/dev/null");
  });

  it("a name that another system cannot hold", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "what?.mp4"), "");
    await refused("NAME_UNSAFE", folder);
  });

  it("a name that is not UTF-8", async () => {
    const folder = await temporaryFolder();
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff])]), "");
    await refused("NAME_UNSAFE", folder);
  });

  it("names that differ in case only", async () => {
    const folder = await temporaryFolder();
    for (const name of ["a.mp4", "A.mp4"]) await writeFile(join(folder, name), "");
    await refused("NAMES_COLLIDE", folder);
  });

  it("the same source twice", async () => {
    const folder = join(await temporaryFolder(), "INT");
    await mkdir(folder);
    await writeFile(join(folder, "a.mp4"), "");
    await refused("NAMES_COLLIDE", folder, folder);
  });

  it("anything, once interrupted", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.mp4"), "");
    await expect(listSources([folder], quietWatch(AbortSignal.abort()))).rejects.toThrow(refusal("INTERRUPTED"));
  });
});
