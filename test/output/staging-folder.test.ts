import { chown, mkdir, open, readdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createExclusive, output, writeAll } from "../../src/output/durable.js";
import { requirePrivate } from "../../src/output/open-target.js";
import { RecoveredFile } from "../../src/output/recovered-file.js";
import { RecoveredFolder } from "../../src/output/recovered-folder.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";

const seal = "EV-7K3Q-9M2X-TB4H";
const modified = new Date("2026-11-20T10:00:00Z");

async function* of(...chunks: string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

const target = { mustBePrivate: true };

const file = (path: string, ...chunks: string[]): RecoveredFile =>
  RecoveredFile.authenticated(PortablePath.parse(path), modified, of(...chunks));

describe("recovered files", () => {
  it("grow hidden, for the user's eyes only, and get their name at once", async () => {
    const outDir = await temporaryFolder();
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await folder.write(file("media/INT/a.mp4", "the ", "interview"));
    await folder.write(file("media/INT/b.txt"));
    await folder.write(file("manifest.json", "{}"));
    expect(await readdir(outDir)).toEqual([`.${seal}.partial`]);
    await folder.commit();
    expect(folder.path).toBe(join(outDir, seal));
    expect(await readdir(outDir)).toEqual([seal]);
    const found = await stat(join(outDir, seal, "media/INT/a.mp4"));
    expect(found).toMatchObject({ size: 13, mtimeMs: modified.getTime() });
    expect(found.mode & 0o777).toBe(0o600);
    expect((await stat(join(outDir, seal, "media/INT"))).mode & 0o777).toBe(0o700);
  });

  it("are gone when they are discarded", async () => {
    const outDir = await temporaryFolder();
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await folder.write(file("media/a.mp4", "x"));
    await folder.discard();
    expect(await readdir(outDir)).toEqual([]);
  });

  it("pass on what their content throws", async () => {
    const folder = await RecoveredFolder.create(await temporaryFolder(), seal, target);
    async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
      yield await Promise.resolve(Buffer.from("x"));
      throw new Error("tag");
    }
    const content = RecoveredFile.authenticated(PortablePath.parse("a"), modified, failing());
    await expect(folder.write(content)).rejects.toThrow("tag");
  });
});

describe("output is refused", () => {
  it("where the final place is taken, before anything is written", async () => {
    const outDir = await temporaryFolder();
    await mkdir(join(outDir, seal));
    await expect(RecoveredFolder.create(outDir, seal, target)).rejects.toThrow(refusal("OUTPUT_EXISTS"));
    expect(await readdir(outDir)).toEqual([seal]);
  });

  it("where the final place is taken in the meantime, even by an empty folder", async () => {
    const outDir = await temporaryFolder();
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await mkdir(join(outDir, seal));
    await expect(folder.commit()).rejects.toThrow(refusal("OUTPUT_EXISTS"));
  });

  it("where the remains of another run stand", async () => {
    const outDir = await temporaryFolder();
    await mkdir(join(outDir, `.${seal}.partial`));
    await expect(RecoveredFolder.create(outDir, seal, target)).rejects.toThrow(refusal("OUTPUT_EXISTS"));
  });

  it("where a file is already there, or a link is in its place", async () => {
    const outDir = await temporaryFolder();
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await folder.write(file("a", "x"));
    await expect(folder.write(file("a", "y"))).rejects.toThrow(refusal("OUTPUT_EXISTS"));
    await symlink("/tmp", join(outDir, `.${seal}.partial`, "link"));
    await expect(folder.write(file("link", "y"))).rejects.toThrow(refusal("OUTPUT_EXISTS"));
    await expect(folder.write(file("link/a", "y"))).rejects.toThrow(refusal("OUTPUT_EXISTS"));
  });

  it("where the folder has gone, or never was", async () => {
    const outDir = await temporaryFolder();
    await expect(RecoveredFolder.create(join(outDir, "missing"), seal, target)).rejects.toThrow(
      refusal("OUTPUT_FAILED"),
    );
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await rename(join(outDir, `.${seal}.partial`), join(outDir, "moved"));
    await expect(folder.commit()).rejects.toThrow(refusal("OUTPUT_FAILED"));
  });

  it("where the disk is full", async () => {
    const full = await open("/dev/full", "w");
    await expect(writeAll(full, Buffer.alloc(10))).rejects.toThrow(refusal("OUTPUT_NO_SPACE"));
    await full.close();
    const path = join(await temporaryFolder(), "a");
    await writeFile(path, "");
    await expect(createExclusive(path)).rejects.toThrow(refusal("OUTPUT_EXISTS"));
    await expect(output(Promise.reject(new Error("?")))).rejects.toThrow(refusal("OUTPUT_FAILED"));
  });
});

describe.runIf(process.platform === "linux")("whoever may rename in the output folder", () => {
  const partial = `.${seal}.partial`;

  it.each([
    ["a link", (elsewhere: string, place: string) => symlink(elsewhere, place)],
    ["another folder", (_: string, place: string) => mkdir(place)],
  ])("cannot lead what is opened elsewhere by %s in the hidden folder's place", async (_, put) => {
    const [outDir, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    const folder = await RecoveredFolder.create(outDir, seal, target);
    await rename(join(outDir, partial), join(outDir, "aside"));
    await put(elsewhere, join(outDir, partial));
    await folder.write(file("media/a.mp4", "the interview"));
    expect(await readdir(elsewhere)).toEqual([]);
    await expect(folder.commit()).rejects.toThrow(refusal("OUTPUT_FAILED"));
    expect(await readdir(outDir)).not.toContain(seal);
    await folder.discard();
    expect(await readdir(join(outDir, "aside"))).toEqual([]);
  });

  it("cannot put a folder of somebody else under what is opened", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root can give a folder to somebody else");
    const foreign = await temporaryFolder();
    await chown(foreign, 65534, 65534);
    await expect(requirePrivate(foreign)).rejects.toThrow(refusal("TARGET_NOT_PRIVATE"));
  });
});
