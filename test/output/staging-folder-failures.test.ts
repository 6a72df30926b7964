import fsPromises from "node:fs/promises";
import { mkdir, readdir, rename, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { EvsealError } from "../../src/errors.js";
import { RecoveredFolder } from "../../src/output/recovered-folder.js";
import { StagingFolder } from "../../src/output/staging-folder.js";
import { canMount, mounted } from "../cli/mounts.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn, systemError, type Call } from "../stand-in.js";

const seal = "EV-7K3Q-9M2X-TB4H";
const partial = `.${seal}.partial`;

let out = "";
beforeEach(async () => {
  out = await temporaryFolder();
});

describe("a hidden folder", () => {
  it("that cannot be held is not left behind", async () => {
    standIn(fsPromises, "open", (open) => async (...given) => {
      if (given[0] === join(out, partial)) throw systemError("EMFILE"); // no more files may be open
      return await open(...given);
    });
    await expect(StagingFolder.create(out, seal)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(await readdir(out)).toEqual([]);
  });

  it("gets the time it is given with its final name", async () => {
    const sealedAt = new Date("2026-11-23T22:10:05Z");
    const staging = await StagingFolder.create(out, seal);
    await staging.folder(["a", "b"]);
    await staging.folder(["a", "c"]);
    await staging.commit(sealedAt);
    expect((await stat(join(out, seal))).mtimeMs).toBe(sealedAt.getTime());
    expect((await readdir(join(out, seal, "a"))).sort()).toEqual(["b", "c"]);
  });

  it("that cannot be made durable under its final name does not keep it", async () => {
    const staging = await StagingFolder.create(out, seal);
    standIn(fsPromises, "open", (open) => async (...given) => {
      if (given[0] === out) throw systemError("EIO");
      return await open(...given);
    });
    await expect(staging.commit()).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(await readdir(out)).toEqual([partial]);
    await staging.discard();
    expect(await readdir(out)).toEqual([]);
  });

  it("that can neither keep its final name for certain nor lose it again stays whole under it", async () => {
    const staging = await StagingFolder.create(out, seal);
    await writeFile(join(await staging.folder(["media"]), "a.mp4"), "the interview");
    const moved = `${out}.moved`;
    onTestFinished(async () => await fsPromises.rm(moved, { recursive: true }));
    standIn(fsPromises, "rename", (rename) => async (...given) => {
      await rename(...given);
      if (given[1] !== join(out, seal)) return;
      await rename(out, moved);
      await symlink("/nonexistent", out);
    });
    await expect(staging.commit()).rejects.toEqual(refusal("OUTPUT_FAILED"));
    await staging.discard();
    expect(await readdir(moved)).toEqual([seal]);
    expect(await readdir(join(moved, seal, "media"))).toEqual(["a.mp4"]);
  });

  it("is not emptied when a link took its place before it could be held", async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, "mine"), "");
    standIn(fsPromises, "mkdir", () => async (path) => await symlink(elsewhere, path as string));
    await expect(StagingFolder.create(out, seal)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(await readdir(elsewhere)).toEqual(["mine"]);
  });
});

describe.each([
  ["Windows", () => standIn(os, "platform", () => () => "win32")],
  ["macOS, which has no /proc,", () => standIn(fsPromises, "stat", withoutProc)],
])("a hidden folder on %s", (_, goThere) => {
  let staging: StagingFolder;
  beforeEach(async () => {
    goThere();
    staging = await StagingFolder.create(out, seal);
    expect(staging.path).toBe(join(out, partial));
    await writeFile(join(await staging.folder(["media"]), "a.mp4"), "");
  });

  it("gets its final name", async () => {
    await staging.commit();
    expect(await readdir(out)).toEqual([seal]);
  });

  it("is discarded", async () => {
    await staging.discard();
    expect(await readdir(out)).toEqual([]);
  });

  it("is told from another under its name, which neither gets the final name nor is emptied", async () => {
    await rename(join(out, partial), join(out, "aside"));
    await mkdir(join(out, partial, "mine"), { recursive: true });
    await mkdir(join(out, partial, "media"));
    await expect(staging.commit()).rejects.toEqual(refusal("OUTPUT_FAILED"));
    await expect(staging.discard()).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect((await readdir(out)).sort()).toEqual([partial, "aside"]);
    expect((await readdir(join(out, partial))).sort()).toEqual(["media", "mine"]);
  });
});

function withoutProc(find: Call): Call {
  return async (...given) => {
    if (String(given[0]).startsWith("/proc/")) throw systemError("ENOENT");
    return await find(...given);
  };
}

describe("unfinished work", () => {
  it("that is gone already is removed", async () => {
    const staging = await StagingFolder.create(out, seal);
    await fsPromises.rmdir(join(out, partial));
    await expect(staging.discard()).resolves.toBeUndefined();
    expect(await readdir(out)).toEqual([]);
  });

  it("is removed without what a link in it leads to", async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, "mine"), "");
    const staging = await StagingFolder.create(out, seal);
    await symlink(elsewhere, join(await staging.folder(["media"]), "link"));
    await staging.discard();
    expect(await readdir(out)).toEqual([]);
    expect(await readdir(elsewhere)).toEqual(["mine"]);
  });

  it("whose name another folder has now is emptied, and the other left as it is", async () => {
    const staging = await StagingFolder.create(out, seal);
    await staging.folder(["media"]);
    await rename(join(out, partial), join(out, "aside"));
    await mkdir(join(out, partial, "mine"), { recursive: true });
    const failure: unknown = await staging.discard().catch((cause: unknown) => cause);
    expect(failure).toEqual(refusal("OUTPUT_FAILED"));
    expect(await readdir(join(out, "aside"))).toEqual([]);
    expect(await readdir(join(out, partial))).toEqual(["mine"]);
  });

  const tmpfs = canMount(() => ["-t", "tmpfs", "tmpfs"]);
  it.skipIf(!tmpfs)(`that cannot be removed is named${tmpfs ? "" : " [SKIPPED]"}`, async () => {
    const staging = await StagingFolder.create(out, seal);
    await staging.folder(["media"]);
    mounted(join(out, partial, "media"), "-t", "tmpfs", "tmpfs"); // what is mounted cannot be removed
    const failure: unknown = await staging.discard().catch((cause: unknown) => cause);
    expect(failure).toEqual(refusal("OUTPUT_FAILED"));
    expect(String((failure as EvsealError).subject)).toBe(join(out, partial));
  });
});

describe("storage that keeps nothing to its owner", () => {
  beforeEach(() => {
    // As FAT has it, which knows no owners; test/cli opens onto a real one where it can be mounted.
    standIn(fsPromises, "mkdir", (mkdir) => async (path) => {
      await mkdir(path);
      await fsPromises.chmod(path as string, 0o777);
    });
  });

  it("gets no evidence, and nothing stays there", async () => {
    const target = { mustBePrivate: true };
    await expect(RecoveredFolder.create(out, seal, target)).rejects.toEqual(refusal("TARGET_NOT_PRIVATE"));
    expect(await readdir(out)).toEqual([]);
  });

  it("gets it where the policy says so", async () => {
    const folder = await RecoveredFolder.create(out, seal, { mustBePrivate: false });
    await folder.commit();
    expect(await readdir(out)).toEqual([seal]);
  });
});
