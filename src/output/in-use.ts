import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { identityOf, type Identity } from "./place.js";

/** Longer than any package takes to be made: where open descriptors cannot be seen, what is younger is left alone. */
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Every file and folder that a process of ours holds open, from /proc; undefined where there is none. An evseal at work
 * holds its hidden folder open to its end (`StagingFolder`), so what is not in here is nobody's work on this machine.
 */
export async function openOnThisMachine(): Promise<ReadonlySet<Identity> | undefined> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return undefined;
  const open = new Set<Identity>();
  for (const id of processes) {
    const folder = join("/proc", id, "fd");
    // Of other users nothing can be seen, and nothing of theirs could be removed; what has ended in the meantime is gone.
    for (const descriptor of await readdir(folder).catch(() => [])) {
      const path = join(folder, descriptor);
      if ((await readlink(path).catch(() => "")).startsWith("/")) {
        const found = await stat(path, { bigint: true }).catch(() => undefined);
        if (found !== undefined) open.add(identityOf(found));
      }
    }
  }
  return open;
}

/** Whether another evseal may still be at work on a file or folder. */
export async function isInUse(path: string, open: ReadonlySet<Identity> | undefined): Promise<boolean> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return true; // it has just gone: somebody is at work
  if (open !== undefined) return open.has(identityOf(found));
  const times = await Promise.all([path, ...(await childrenOf(path))].map(modifiedMs));
  return Date.now() - Math.max(...times) < dayMs;
}

async function childrenOf(path: string): Promise<readonly string[]> {
  return (await readdir(path).catch(() => [])).map((name) => join(path, name));
}

async function modifiedMs(path: string): Promise<number> {
  return await lstat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(), // it has just gone: somebody is at work
  );
}
