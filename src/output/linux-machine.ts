import { constants } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { mountIdIn, parseMountTable, type Mount } from "./mount-table.js";
import type { Machine } from "./storage-kind.js";

/** This machine, asked through its own file systems: no program is started. */
export const linuxMachine: Machine = {
  read: async (path) => (await readFile(path, "utf8").catch(() => undefined))?.trim(),
  list: async (path) => await readdir(path).catch(() => []),
  resolve: async (path) => await realpath(path).catch(() => undefined),
  deviceAt: async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found?.isBlockDevice() === true ? deviceNumber(found.rdev) : undefined;
  },
  // A file's own folder is on the same mount, unless the file alone was mounted; and a folder can always be opened.
  mountOf: async (path) => (await mountOfFolder(path)) ?? (await mountOfFolder(dirname(path))),
};

async function mountOfFolder(path: string): Promise<Mount | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const id = mountIdIn(await readFile(`/proc/self/fdinfo/${handle.fd}`, "utf8"));
    return parseMountTable(await readFile("/proc/self/mountinfo", "utf8")).find((mount) => mount.id === id);
  } catch {
    return undefined;
  } finally {
    await handle.close().catch(() => undefined); // nothing was written
  }
}

/** makedev(3) the other way round. */
function deviceNumber(rdev: number): string {
  const bits = BigInt(rdev);
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n);
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
