import { chmod, chown, mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { linuxMachine } from "../../src/output/linux-machine.js";
import { isOwn, requirePrivate, requireSafeTarget } from "../../src/output/open-target.js";
import { canMount, mounted } from "../cli/mounts.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn } from "../stand-in.js";

const isRoot = process.getuid?.() === 0;
const tmpfs = canMount(() => ["-t", "tmpfs", "tmpfs"]);
const isSaid = tmpfs ? "" : " [SKIPPED, nothing can be mounted here]";

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe.runIf(process.platform === "linux")("on Linux, evidence is opened", () => {
  // The folder of temporary files may itself be on storage that is refused; memory never is.
  it.skipIf(!tmpfs)(`onto storage of this machine, which must keep it private${isSaid}`, async () => {
    const at = mounted(join(folder, "at"), "-t", "tmpfs", "tmpfs");
    expect(await requireSafeTarget(at)).toEqual({ mustBePrivate: true });
    await symlink(at, join(folder, "link"));
    expect(await requireSafeTarget(join(folder, "link"))).toEqual({ mustBePrivate: true });
  });

  it("not onto storage that cannot be placed, as /proc", async () => {
    await expect(requireSafeTarget("/proc")).rejects.toEqual(refusal("TARGET_UNKNOWN"));
  });

  it("not where the machine does not tell the mount", async () => {
    const untold = vi.spyOn(linuxMachine, "mountOf").mockResolvedValue(undefined);
    await expect(requireSafeTarget(folder)).rejects.toEqual(refusal("TARGET_UNKNOWN"));
    untold.mockRestore();
  });

  it.each(["fuse.sshfs", "udf"])("not onto %s, and the refusal says which kind it is", async (fileSystem) => {
    const mount = { id: 1, device: "0:9", fileSystem, source: "x" };
    const told = vi.spyOn(linuxMachine, "mountOf").mockResolvedValue(mount);
    await expect(requireSafeTarget(folder)).rejects.toEqual(
      refusal(fileSystem === "udf" ? "TARGET_OPTICAL" : "TARGET_NETWORK"),
    );
    told.mockRestore();
  });

  it("where the policy allows it, in that folder and below, and then it need not be private", async () => {
    const allowed = { mustBePrivate: false };
    expect(await requireSafeTarget("/proc/sys/kernel", ["/none", "/proc/sys/kernel"])).toEqual(allowed);
    expect(await requireSafeTarget("/proc/sys/kernel", ["/none", "/proc/sys"])).toEqual(allowed);
    await symlink("/proc/sys", join(folder, "link"));
    expect(await requireSafeTarget("/proc/sys/kernel", [join(folder, "link")])).toEqual(allowed);
    for (const beside of ["/proc/sys/net", "/proc/sys/kernel/random", "/none", folder]) {
      await expect(requireSafeTarget("/proc/sys/kernel", [beside]), beside).rejects.toEqual(refusal("TARGET_UNKNOWN"));
    }
  });

  it("not where there is no folder", async () => {
    await expect(requireSafeTarget(join(folder, "none"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });
});

describe.runIf(process.platform === "linux")("where the system tells less of its volumes, evidence is opened", () => {
  const on = (system: string): void => standIn(os, "platform", () => () => system);

  it.skipIf(!tmpfs)(`onto the volume of the system itself, and no other${isSaid}`, async () => {
    const at = mounted(join(folder, "at"), "-t", "tmpfs", "tmpfs");
    for (const system of ["darwin", "freebsd"]) {
      on(system);
      expect(await requireSafeTarget("/"), system).toEqual({ mustBePrivate: true });
      await expect(requireSafeTarget(at), system).rejects.toEqual(refusal("TARGET_UNKNOWN"));
    }
  });

  it("onto none where the system's own volume is not found", async () => {
    on("win32"); // and there is no C:\ here
    await expect(requireSafeTarget("/")).rejects.toEqual(refusal("TARGET_UNKNOWN"));
  });

  it("in a folder whose mode says nothing, under Windows alone", async () => {
    await chmod(folder, 0o777);
    on("darwin");
    await expect(requirePrivate(folder)).rejects.toEqual(refusal("TARGET_NOT_PRIVATE"));
    on("win32");
    await expect(requirePrivate(folder)).resolves.toBeUndefined();
  });
});

describe("a folder is private", () => {
  it("when its owner alone may do anything in it", async () => {
    await expect(requirePrivate(folder)).resolves.toBeUndefined();
    for (const mode of [0o710, 0o704, 0o777]) {
      await chmod(folder, mode);
      await expect(requirePrivate(folder)).rejects.toEqual(refusal("TARGET_NOT_PRIVATE"));
    }
  });

  it("when it is there", async () => {
    await expect(requirePrivate(join(folder, "none"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
    await expect(isOwn(join(folder, "none"))).rejects.toEqual(refusal("OUTPUT_FAILED"));
  });

  it.skipIf(!isRoot)("when it is ours, and not only what it leads to", async () => {
    await mkdir(join(folder, "theirs"));
    await chown(join(folder, "theirs"), 65534, 65534);
    await symlink(join(folder, "theirs"), join(folder, "link"));
    expect(await isOwn(folder)).toBe(true);
    expect(await isOwn(join(folder, "theirs"))).toBe(false);
    expect(await isOwn(join(folder, "link"))).toBe(true);
  });
});
