/** Exit code 0 means durable: what was written was also brought to the disk, in an order that survives a power cut. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { program } from "../cli/run.js";
import { must } from "../interop/programs.js";
import { readLog, shimEnvironment, type Call } from "./shim.js";
import { cleanCalls, newPlace, type Command } from "./trial.js";
import type { World } from "./world.js";

/** What fsync(2) was not called for: files after their last change before the rename, folders after each new name. */
function unsynced(calls: readonly Call[]): string[] {
  const waiting = new Set<string>();
  const wrong: string[] = [];
  for (const { operation, path: at, second } of calls.filter(({ result }) => result >= 0)) {
    const folder = path.dirname(at);
    if (operation === "create") waiting.add(at).add(folder);
    else if (operation === "write" || operation === "utimes" || operation === "truncate") waiting.add(at);
    else if (operation === "mkdir") waiting.add(at).add(folder);
    else if (operation === "fsync") waiting.delete(at);
    else if (operation === "rename") {
      // Whatever stands below the name must be there before the name is; its own folder follows.
      wrong.push(...[...waiting].filter((each) => each.startsWith(at)).map((each) => `${each} before its name`));
      waiting.add(path.dirname(second));
    }
  }
  return [...wrong, ...[...waiting].map((each) => `${each} at the end`)];
}

/** Every system call that alters a file, a folder or a name. */
const changing = [
  "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,copy_file_range,sendfile,splice,truncate,ftruncate,fallocate",
  "fsync,fdatasync,sync_file_range,utimensat,mkdir,mkdirat,rmdir,unlink,unlinkat,rename,renameat,renameat2,link,linkat",
  "symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,fchownat,setxattr,fsetxattr,io_uring_setup,io_uring_enter",
].join(",");

/** Defines the tests of it, in the world that stands when they run. */
export function durability(the: { readonly world: World }): void {
  test.each<Command>(["pack", "open"])(
    "by %s is on the disk: every file, every folder, and the names",
    async (command) => {
      const calls = await cleanCalls(the.world, command);
      const out = calls.filter(({ role }) => role === "out");
      expect(out.filter(({ operation }) => operation === "rename")).toHaveLength(1);
      expect(unsynced(out)).toEqual([]);
      // The test has teeth: without any one of the calls it would have said so.
      const made = out.findIndex(({ operation }) => operation === "mkdir");
      const syncs = out.filter(({ operation }, index) => operation === "fsync" && index > made);
      expect(syncs.length).toBeGreaterThan(6);
      for (const sync of syncs) expect(unsynced(out.filter((call) => call !== sync))).not.toEqual([]);
    },
  );

  test.each<Command>(["pack", "open"])(
    "by %s the shim has seen: no change that strace sees escapes it",
    async (command) => {
      const place = newPlace(the.world);
      const [log, trace] = [path.join(place.folder, "calls"), path.join(place.folder, "trace")];
      const home = command === "pack" ? the.world.homes.sender : the.world.homes.receiver;
      const words = command === "pack" ? the.world.packing : ["open", the.world.sealed];
      const environment = { ...shimEnvironment(the.world.shim, { out: place.out }, log), EVSEAL_HOME: home };
      const given = Object.entries(environment).flatMap(([name, value]) => ["-E", `${name}=${value}`]);
      const node = [process.execPath, program, ...words, "--out", place.out];
      await must("strace", ["-f", "-y", "-s", "0", "-o", trace, "-e", `trace=${changing}`, ...given, ...node]);

      const seen = readFileSync(trace, "utf8")
        .split("\n")
        .filter((line) => line.includes(place.out) || line.includes('"/proc/self/fd/')); // evseal's own way into it
      const changes = seen.filter((line) => !line.includes("openat") || line.includes("O_CREAT"));
      const names = ["create", "write", "fsync", "utimes", "mkdir", "rename", "unlink", "rmdir", "truncate", "chmod"];
      const watched = readLog(log).calls.filter(({ operation }) => names.includes(operation));
      expect(watched.length).toBeGreaterThan(20);
      expect(changes.length).toBe(watched.length);
    },
  );
}
