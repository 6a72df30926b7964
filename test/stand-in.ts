import fs from "node:fs";
import fsPromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished } from "vitest";

export type Call = (...given: unknown[]) => unknown;

/**
 * Puts another function in the place of one that node has, until the test ends: for the moments between two calls to
 * the system, and for failures of a disk, which no real file system here can be made to show on demand.
 */
export function standIn(module: object, name: string, make: (original: Call) => Call): void {
  const original = Reflect.get(module, name) as Call;
  const put = (call: Call): void => {
    Reflect.set(module, name, call);
    syncBuiltinESMExports(); // what was imported by name is what was set last
  };
  const made = make(original);
  for (const symbol of Object.getOwnPropertySymbols(original)) {
    Object.defineProperty(made, symbol, { value: Reflect.get(original, symbol) }); // how it is promisified
  }
  put(made);
  onTestFinished(() => put(original));
}

/** Acts just after the folder at `path` was listed, each time: a race that is lost for certain. */
export function afterListing(path: string, act: () => Promise<void>): void {
  standIn(fsPromises, "readdir", (readdir) => async (...given) => {
    const found = await readdir(...given);
    if (given[0] === path) await act();
    return found;
  });
}

/** As on a file system that has no way past the page cache. */
export function refuseDirect(): void {
  standIn(fs, "openSync", (open) => (...given) => {
    if (Number(given[1]) & fs.constants.O_DIRECT) throw systemError("EINVAL");
    return open(...given);
  });
}

/** Lets every read past the page cache fail, and tells how many did. */
export function failDirectReads(code: string): () => number {
  let failed = 0;
  standIn(fs, "read", (read) => (...given) => {
    const flags = fs.readFileSync(`/proc/self/fdinfo/${String(given[0])}`, "utf8");
    const isDirect = (parseInt(/^flags:\s*([0-7]+)$/m.exec(flags)?.[1] ?? "0", 8) & fs.constants.O_DIRECT) !== 0;
    if (!isDirect) return read(...given);
    failed += 1;
    return (given.at(-1) as Call)(systemError(code));
  });
  return () => failed;
}

/** What a system call that fails gives to its caller. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
