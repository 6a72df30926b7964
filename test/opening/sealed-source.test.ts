import { execFileSync } from "node:child_process";
import { chmod, mkdir, open, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/bytes.js";
import { EvsealError } from "../../src/errors.js";
import { PackageFiles } from "../../src/opening/package-files.js";
import { readFrom } from "../../src/opening/read-from.js";
import { readableSync, SealedSource } from "../../src/opening/sealed-source.js";
import { refusal } from "../refusal.js";
import { systemError } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const content = Buffer.from(Array.from({ length: 600_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
const tooLong = (): Error => new Error("too long");

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "file");
  await writeFile(path, content);
});

describe("a file of a package", () => {
  it("is read where it is asked for, and no further than it was long when it was opened", async () => {
    const source = await SealedSource.open(path);
    expect(source.sizeBytes).toBe(content.length);
    expect(Buffer.from(await source.read(7, 100))).toEqual(content.subarray(7, 107));
    await writeFile(path, "more", { flag: "a" });
    expect(await source.read(content.length - 3, 100)).toHaveLength(3);
    expect(await source.read(content.length, 100)).toHaveLength(0);
    expect(await source.read(content.length + 50, 100)).toHaveLength(0);
    await source.close();
  });

  it("is read whole", async () => {
    const source = await SealedSource.open(path);
    expect(Buffer.from(await collect(source.chunks(), content.length, tooLong)).equals(content)).toBe(true);
    await source.close();
  });

  it("ends where it ends now, when it became shorter", async () => {
    const source = await SealedSource.open(path);
    await truncate(path, 300_000);
    const found = await collect(source.chunks(), content.length, tooLong);
    expect(Buffer.from(found).equals(content.subarray(0, 300_000))).toBe(true);
    await source.close();
  });

  it("has another state when it was changed, and the same when it was not", async () => {
    const stateNow = async (): Promise<string | undefined> => {
      const source = await SealedSource.open(path);
      await source.close();
      return source.state;
    };
    const before = await stateNow();
    expect(before).toBeTypeOf("string");
    expect(await stateNow()).toBe(before);
    await chmod(path, 0o640);
    expect(await stateNow()).not.toBe(before);
  });

  it("is no folder, pipe or link, and is there", async () => {
    await mkdir(join(folder, "folder"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await symlink(path, join(folder, "link"));
    for (const name of ["folder", "pipe", "link", "none"]) {
      await expect(SealedSource.open(join(folder, name)), name).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
    }
  });

  it("cannot be read any more once it was closed", async () => {
    const source = await SealedSource.open(path);
    await source.close();
    await expect(source.read(0, 1)).rejects.toEqual(refusal("PACKAGE_INCOMPLETE"));
  });
});

describe("a file on a disc's image", () => {
  it("is read from the image, has no state of its own, and does not close it", async () => {
    const image = await open(path);
    const source = SealedSource.within({ sizeBytes: 10, read: (offset, size) => readFrom(image, 1000 + offset, size) });
    expect(source.state).toBeUndefined();
    expect(Buffer.from(await source.read(4, 100))).toEqual(content.subarray(1004, 1010));
    await source.close();
    expect(await readFrom(image, 0, 3)).toHaveLength(3);
    await image.close();
  });

  it("keeps the reason why the image cannot be read", async () => {
    const reason = new EvsealError("ALTERED", "the disc is damaged", { hint: "x" });
    const source = SealedSource.within({ sizeBytes: 10, read: () => Promise.reject(reason) });
    await expect(source.read(0, 10)).rejects.toBe(reason);
  });
});

it("bytes are read from a file as far as there are any", async () => {
  const handle = await open(path);
  expect(Buffer.from(await readFrom(handle, 10, 20))).toEqual(content.subarray(10, 30));
  expect(await readFrom(handle, content.length - 5, 20)).toHaveLength(5);
  expect(await readFrom(handle, content.length, 20)).toHaveLength(0);
  await handle.close();
});

describe("what may not be read is not called damaged", () => {
  it.each(["EACCES", "EPERM"])("%s", (code) => {
    const fail = (): never => {
      throw systemError(code);
    };
    expect(() => readableSync(fail)).toThrow("you may not read the package");
    expect(() => readableSync(fail)).toThrow(refusal("PACKAGE_INCOMPLETE"));
  });

  it("and what is broken is not called forbidden", () => {
    for (const thrown of [systemError("EIO"), new Error("?")]) {
      expect(() =>
        readableSync(() => {
          throw thrown;
        }),
      ).toThrow("the package has a file that is missing or cannot be read");
    }
    expect(readableSync(() => 7)).toBe(7);
  });

  it("a folder", async () => {
    const at = (code: string): Promise<unknown> =>
      PackageFiles.at({
        path: folder,
        names: () => Promise.reject(systemError(code)),
        sizeOf: () => Promise.resolve(undefined),
        open: (name) => SealedSource.open(join(folder, name)),
      });
    await expect(at("EACCES")).rejects.toThrow("you may not read the package");
    await expect(at("ENOENT")).rejects.toEqual(refusal("PACKAGE_NOT_FOUND"));
  });
});
