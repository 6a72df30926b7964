import { mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { output, outputError, outputSync, syncFolder } from "../../src/output/durable.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn, systemError } from "../stand-in.js";

describe("a failure of the output", () => {
  it.each([
    ["EEXIST", "OUTPUT_EXISTS"],
    ["ENOTEMPTY", "OUTPUT_EXISTS"],
    ["ENOSPC", "OUTPUT_NO_SPACE"],
    ["EDQUOT", "OUTPUT_NO_SPACE"],
    ["EFBIG", "OUTPUT_NO_SPACE"],
    ["EIO", "OUTPUT_FAILED"],
    ["EROFS", "OUTPUT_FAILED"],
  ] as const)("%s is called %s, and keeps its cause", (code, name) => {
    const cause = systemError(code);
    expect(outputError(cause)).toEqual(refusal(name));
    expect(outputError(cause).cause).toBe(cause);
  });

  it("is a quota's where Linux has only a number for it", () => {
    const cause = Object.assign(new Error("Unknown system error -122"), {
      errno: -122,
      code: "Unknown system error -122",
    });
    expect(outputError(cause)).toEqual(refusal("OUTPUT_NO_SPACE"));
  });

  it("has a code whatever was thrown", () => {
    for (const cause of ["ENOSPC", undefined, { code: "ENOSPC" }, new Error("ENOSPC")]) {
      expect(outputError(cause)).toEqual(refusal("OUTPUT_FAILED"));
    }
  });

  it("is told of every call, and success passes", async () => {
    await expect(output(Promise.reject(systemError("ENOSPC")))).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
    expect(await output(Promise.resolve(7))).toBe(7);
    const fail = (): never => {
      throw systemError("ENOSPC");
    };
    expect(() => outputSync(fail)).toThrow(refusal("OUTPUT_NO_SPACE"));
    expect(outputSync(() => 7)).toBe(7);
  });
});

describe("making the names in a folder durable", () => {
  it("needs the folder, and no link to one", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "a"));
    await symlink(join(folder, "a"), join(folder, "link"));
    await expect(syncFolder(join(folder, "a"))).resolves.toBeUndefined();
    for (const name of ["link", "none"]) {
      await expect(syncFolder(join(folder, name))).rejects.toEqual(refusal("OUTPUT_FAILED"));
    }
  });

  it("is nothing that Windows has a call for", async () => {
    standIn(os, "platform", () => () => "win32");
    await expect(syncFolder(join(await temporaryFolder(), "none"))).resolves.toBeUndefined();
  });
});
