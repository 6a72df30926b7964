import { chown, link, mkdir, open, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findHomeLeftovers, findLeftovers, removeLeftovers, type Leftover } from "../../src/output/leftovers.js";
import { StagingFolder } from "../../src/output/staging-folder.js";
import { canMount, mounted } from "../cli/mounts.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { afterListing, standIn, systemError } from "../stand-in.js";
import fsPromises from "node:fs/promises";

const seal = "EV-7K3Q-9M2X-TB4H";
const sealedName = `.${seal}.partial`;
const clearName = `.${seal}.opened.partial`;

async function leave(path: string, content = ""): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const byName = (found: readonly Leftover[]): Readonly<Record<string, Leftover["kept"] | "free">> =>
  Object.fromEntries(found.map(({ path, kept }) => [basename(path), kept ?? "free"]));

describe("what interrupted runs left in an output folder", () => {
  it("is told by its name, with what may be inside, and nothing else is", async () => {
    const out = await temporaryFolder();
    await leave(join(out, sealedName, `${seal}.evseal`));
    await leave(join(out, sealedName, "HOW-TO-OPEN.txt"));
    await leave(join(out, clearName, "media/a.mp4"), "the interview");
    await leave(join(out, `.${seal}.selected.partial`, "manifest.json"));
    for (const name of [seal, `${seal}.opened`, `.${seal}`, `${seal}.partial`, ".EV-1.partial", ".notes.partial"]) {
      await mkdir(join(out, name));
    }
    const found = [...(await findLeftovers(out))].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(found).toEqual([
      { path: join(out, clearName), seal, kind: "clear" },
      { path: join(out, sealedName), seal, kind: "sealed" },
      { path: join(out, `.${seal}.selected.partial`), seal, kind: "clear" },
    ]);
  });

  it("may be of a package on several discs", async () => {
    const out = await temporaryFolder();
    await leave(join(out, sealedName, "disc-001", `${seal}.evseal.001`));
    await leave(join(out, sealedName, "disc-002", `${seal}.evseal.002`));
    const found = await findLeftovers(out);
    expect(found).toEqual([{ path: join(out, sealedName), seal, kind: "sealed" }]);
    await removeLeftovers(out, found);
    expect(await readdir(out)).toEqual([]);
  });

  it("is in use while an evseal is at work on it, and nobody's once that has let go", async () => {
    const out = await temporaryFolder();
    const staging = await StagingFolder.create(out, seal);
    await leave(join(out, ".EV-0000-0000-0000.partial", "HOW-TO-OPEN.txt"));
    expect(byName(await findLeftovers(out))).toEqual({
      [sealedName]: "in use",
      ".EV-0000-0000-0000.partial": "free",
    });
    await staging.commit();
    expect(byName(await findLeftovers(out))).toEqual({ ".EV-0000-0000-0000.partial": "free" });
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ["a file that is no package's", (path) => leave(join(path, "note.txt"))],
    ["the file of another package", (path) => leave(join(path, "EV-0000-0000-0000.evseal"))],
    ["a file that is no package's, on a disc", (path) => leave(join(path, "disc-001", "note.txt"))],
    ["a folder by a file's name", (path) => leave(join(path, `${seal}.evseal`, "x"))],
    ["a link by a file's name", (path) => mkdir(path).then(() => symlink("/etc/passwd", join(path, `${seal}.evseal`)))],
    ["nothing, being a file", (path) => leave(path)],
    ["nothing, being a link to a folder", (path) => symlink(dirname(path), path)],
  ])("is foreign where it holds %s", async (_, make) => {
    const out = await temporaryFolder();
    await make(join(out, sealedName));
    expect(byName(await findLeftovers(out))).toEqual({ [sealedName]: "foreign" });
  });

  it("is foreign to the end, whoever holds it open", async () => {
    const out = await temporaryFolder();
    await leave(join(out, sealedName, "note.txt"));
    const held = await open(join(out, sealedName), "r");
    expect(byName(await findLeftovers(out))).toEqual({ [sealedName]: "foreign" });
    await held.close();
  });

  it("is foreign where another user left it", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root can give a folder to somebody else");
    const out = await temporaryFolder();
    await leave(join(out, clearName, "media/a.mp4"));
    await chown(join(out, clearName), 65534, 65534);
    expect(byName(await findLeftovers(out))).toEqual({ [clearName]: "foreign" });
  });

  it("is none where it gets its final name while it is looked for", async () => {
    const out = await temporaryFolder();
    await leave(join(out, sealedName, "HOW-TO-OPEN.txt"));
    await leave(join(out, clearName, "media/a.mp4"));
    afterListing(out, () => rename(join(out, sealedName), join(out, seal)));
    expect(byName(await findLeftovers(out))).toEqual({ [clearName]: "free" });
  });

  it("is not passed over where it cannot be looked into", async () => {
    const out = await temporaryFolder();
    await leave(join(out, sealedName, "HOW-TO-OPEN.txt"));
    standIn(fsPromises, "readdir", (readdir) => async (...given) => {
      if (given[0] === join(out, sealedName)) throw systemError("EIO"); // a disk that is breaking
      return await readdir(...given);
    });
    await expect(findLeftovers(out)).rejects.toThrow(refusal("OUTPUT_FAILED"));
  });

  it("cannot be looked for where there is no folder", async () => {
    await expect(findLeftovers(join(await temporaryFolder(), "none"))).rejects.toThrow(refusal("OUTPUT_FAILED"));
  });
});

describe("what interrupted runs left in a home", () => {
  it("is a part of a card, by its exact name", async () => {
    const home = await temporaryFolder();
    const contact = `.${"0a".repeat(16)}.card.json.partial`;
    const others = ["card.json", ".card.json", ".notes.partial", ".0a.card.json.partial", "identity.key"];
    for (const name of [".card.json.partial", contact, ...others]) await leave(join(home, name));
    expect(await findHomeLeftovers(home)).toEqual(
      (await readdir(home))
        .filter((name) => !others.includes(name))
        .map((name) => ({ path: join(home, name), kind: "card" })),
    );
    expect(await findHomeLeftovers(home)).toHaveLength(2);
  });

  it("is foreign where it is no file, and in use while it is written", async () => {
    const home = await temporaryFolder();
    await leave(join(home, "card.json"));
    await symlink(join(home, "card.json"), join(home, ".card.json.partial"));
    expect(byName(await findHomeLeftovers(home))).toEqual({ ".card.json.partial": "foreign" });
    await fsPromises.rm(join(home, ".card.json.partial"));
    await link(join(home, "card.json"), join(home, ".card.json.partial"));
    const held = await open(join(home, "card.json"), "a");
    expect(byName(await findHomeLeftovers(home))).toEqual({ ".card.json.partial": "in use" });
    await held.close();
  });

  it("is nothing where there is no such folder", async () => {
    expect(await findHomeLeftovers(join(await temporaryFolder(), "contacts"))).toEqual([]);
  });
});

describe("removing what was left", () => {
  it("takes all that is in it, follows no link, and touches nothing beside it", async () => {
    const [out, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    await leave(join(elsewhere, "mine"), "kept");
    await leave(join(out, clearName, "media/deep/a.mp4"), "the interview");
    await symlink(elsewhere, join(out, clearName, "media", "link"));
    await leave(join(out, `.EV-0000-0000-0000.partial`, "HOW-TO-OPEN.txt"));
    const [first] = (await findLeftovers(out)).filter(({ kind }) => kind === "clear");
    await removeLeftovers(out, first === undefined ? [] : [first]);
    expect(await readdir(out)).toEqual([".EV-0000-0000-0000.partial"]);
    expect(await readFile(join(elsewhere, "mine"), "utf8")).toBe("kept");
  });

  it("removes a link that took a leftover's place, and not what it leads to", async () => {
    const [out, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    await leave(join(elsewhere, "mine"), "kept");
    await leave(join(out, clearName, "media/a.mp4"));
    const found = await findLeftovers(out);
    await rename(join(out, clearName), join(out, "aside"));
    await symlink(elsewhere, join(out, clearName));
    await removeLeftovers(out, found);
    expect(await readdir(out)).toEqual(["aside"]);
    expect(await readdir(elsewhere)).toEqual(["mine"]);
  });

  it("needs no folder where nothing was left, and fails without one where something was", async () => {
    const gone = join(await temporaryFolder(), "gone");
    await expect(removeLeftovers(gone, [])).resolves.toBeUndefined();
    const left: Leftover = { path: join(gone, sealedName), seal, kind: "sealed" };
    await expect(removeLeftovers(gone, [left])).rejects.toThrow(refusal("OUTPUT_FAILED"));
  });

  const tmpfs = canMount(() => ["-t", "tmpfs", "tmpfs"]);
  it.skipIf(!tmpfs)(`says so when it cannot${tmpfs ? "" : " [SKIPPED, nothing can be mounted here]"}`, async () => {
    const out = await temporaryFolder();
    await leave(join(out, clearName, "media/a.mp4"));
    const found = await findLeftovers(out);
    mounted(join(out, clearName, "media"), "-t", "tmpfs", "tmpfs"); // what is mounted in it cannot be removed
    await expect(removeLeftovers(out, found)).rejects.toThrow(refusal("OUTPUT_FAILED"));
    expect(await readdir(out)).toEqual([clearName]);
  });
});
