import { execFileSync } from "node:child_process";
import fsPromises from "node:fs/promises";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linuxMachine } from "../../src/output/linux-machine.js";
import { canMount, mounted } from "../cli/mounts.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn, systemError } from "../stand-in.js";

describe.runIf(process.platform === "linux")("this machine", () => {
  it("reads, lists and resolves what is there, and has nothing to say of what is not", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "removable"), " 1\n");
    await symlink(folder, join(folder, "link"));
    expect(await linuxMachine.read(join(folder, "removable"))).toBe("1");
    expect([...(await linuxMachine.list(folder))].sort()).toEqual(["link", "removable"]);
    expect(await linuxMachine.resolve(join(folder, "link"))).toBe(folder);

    const none = join(folder, "none");
    expect(await linuxMachine.read(none)).toBeUndefined();
    expect(await linuxMachine.list(none)).toEqual([]);
    expect(await linuxMachine.resolve(none)).toBeUndefined();
    expect(await linuxMachine.deviceAt(none)).toBeUndefined();
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(!isRoot)("knows a block device by its numbers, however large, and nothing else for one", async () => {
    const folder = await temporaryFolder();
    // The largest there are: makedev(3) keeps twelve bits of the one and twenty of the other, for the kernel.
    for (const [major, minor] of [
      [8, 1],
      [259, 70_000],
      [4095, 1_048_575],
    ] as const) {
      const node = join(folder, `b${String(minor)}`);
      execFileSync("mknod", [node, "b", String(major), String(minor)]);
      expect(await linuxMachine.deviceAt(node)).toBe(`${String(major)}:${String(minor)}`);
    }
    execFileSync("mknod", [join(folder, "c"), "c", "8", "1"]);
    expect(await linuxMachine.deviceAt(join(folder, "c"))).toBeUndefined();
    expect(await linuxMachine.deviceAt(folder)).toBeUndefined();
  });

  it("tells the mount of a folder, and of a file in it", async () => {
    expect(await linuxMachine.mountOf("/proc/self")).toMatchObject({ fileSystem: "proc" });
    expect(await linuxMachine.mountOf("/proc/self/status")).toEqual(await linuxMachine.mountOf("/proc"));
    expect(await linuxMachine.mountOf(join(await temporaryFolder(), "none", "none"))).toBeUndefined();
  });

  const tmpfs = canMount(() => ["-t", "tmpfs", "tmpfs"]);
  it.skipIf(!tmpfs)(`sees a mount from the folder that it is made over${tmpfs ? "" : " [SKIPPED]"}`, async () => {
    const folder = await temporaryFolder();
    const below = await linuxMachine.mountOf(folder);
    const at = mounted(join(folder, "at"), "-t", "tmpfs", "evidence store");
    await mkdir(join(at, "deep"));
    expect(await linuxMachine.mountOf(join(at, "deep"))).toMatchObject({
      fileSystem: "tmpfs",
      source: "evidence store",
    });
    expect(await linuxMachine.mountOf(folder)).toEqual(below);
  });

  it("tells no mount where it may not look at the table", async () => {
    standIn(fsPromises, "readFile", (readFile) => async (...given) => {
      if (given[0] === "/proc/self/mountinfo") throw systemError("EACCES"); // as some containers have it
      return await readFile(...given);
    });
    expect(await linuxMachine.mountOf("/")).toBeUndefined();
  });
});
