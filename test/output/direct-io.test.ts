import type fs from "node:fs";
import { closeSync, constants, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isRefusedDirect, openDirect } from "../../src/output/direct-io.js";
import { pageMemory } from "../page-memory.js";
import { temporaryFolder } from "../temporary-folder.js";
import { systemError } from "../stand-in.js";

describe.runIf(process.platform === "linux")("a file past the page cache", () => {
  it("is not to be had on a file system without it, as /proc, and that is no failure", () => {
    expect(openDirect("/proc/self/status", constants.O_RDONLY)).toBeUndefined();
  });

  it("gives whole pages, and refuses a part of one in the way that is known", async (context) => {
    const path = join(await temporaryFolder(), "file");
    writeFileSync(path, "x".repeat(5000));
    const descriptor = openDirect(path, constants.O_RDONLY);
    if (descriptor === undefined) return context.skip("the folder of temporary files stands on no such file system");
    onTestFinished(() => closeSync(descriptor));
    const pages = pageMemory(8192);
    expect(readSync(descriptor, pages, 0, 8192, 0)).toBe(5000);
    expect(Buffer.from(pages.subarray(0, 5000)).toString()).toBe("x".repeat(5000));
    let refused: unknown;
    try {
      expect(readSync(descriptor, pages, 1, 99, 0)).toBe(99); // memory gives that much, a disk does not
    } catch (cause) {
      refused = cause;
    }
    expect(refused === undefined || isRefusedDirect(refused)).toBe(true);
  });

  it("fails as any file does when it is not there", async () => {
    const folder = await temporaryFolder();
    expect(() => openDirect(join(folder, "none"), constants.O_RDONLY)).toThrow(
      expect.objectContaining({ code: "ENOENT" }),
    );
  });

  it("is not asked for where the system has no word for it", async () => {
    vi.resetModules();
    vi.doMock("node:fs", async (importActual) => {
      const actual = await importActual<typeof fs>();
      return { ...actual, constants: { ...actual.constants, O_DIRECT: undefined } }; // as on macOS and Windows
    });
    const elsewhere = await import("../../src/output/direct-io.js");
    expect(elsewhere.openDirect("/none", constants.O_RDONLY)).toBeUndefined();
    vi.doUnmock("node:fs");
    vi.resetModules();
  });
});

it("only what says that it cannot is taken for a refusal of this way", () => {
  expect(isRefusedDirect(systemError("EINVAL"))).toBe(true);
  for (const code of ["EIO", "ENOSPC", "EACCES"]) expect(isRefusedDirect(systemError(code))).toBe(false);
});
