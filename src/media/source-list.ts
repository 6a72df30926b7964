import { lstatSync, readdirSync, type BigIntStats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fromUtf8 } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { limits } from "../package/limits.js";
import { PortablePath, refuseCollisions } from "../package/portable-path.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { changed, unreadable } from "./open-source.js";
import { SourceFile } from "./source-file.js";

/** How many files and folders are looked at before a signal is heard. */
const betweenSignals = 500;

/**
 * Every regular file in `sources` (files and folders as the user named them), each under its source's own last name,
 * in the order of their paths. Folders without files are not carried. Throws NOTHING_TO_PACK, SOURCE_NOT_REGULAR for
 * links, devices and the like, SOURCE_UNREADABLE, NAME_UNSAFE, NAMES_COLLIDE, TOO_MUCH_TO_PACK, INTERRUPTED, and what
 * `meet` throws, which is shown every file and folder.
 */
export async function listSources(
  sources: readonly string[],
  watch: Watch,
  meet: (found: BigIntStats, path: string) => void = () => undefined,
): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  let foundBytes = 0;
  const report = (): void => watch.progress("listing", foundBytes, 0);
  await walkAll(sources, watch, report, (found, path, folder) => {
    meet(found, path);
    if (found.isDirectory()) return;
    if (files.push(new SourceFile(PortablePath.parse(path), folder, found)) > limits.files) throw tooMany();
    foundBytes += Number(found.size);
  });
  if (files.length === 0) {
    throw new EvsealError("NOTHING_TO_PACK", "there is no file to pack", {
      hint: "name a folder that holds the media",
    });
  }
  refuseCollisions(files.map(({ path }) => path));
  return files.sort((a, b) => (a.path.text < b.path.text ? -1 : 1));
}

/**
 * Looks at `sources` again once they were packed: what was added, taken away or written to in the meantime, even after it
 * was read, makes the package another than the sources now are. Throws SOURCE_CHANGED, INTERRUPTED.
 */
export async function requireUnchanged(
  sources: readonly string[],
  packed: readonly SourceFile[],
  watch: Watch,
): Promise<void> {
  const left = new Map(packed.map((file) => [file.path.text, file]));
  const compare = (found: BigIntStats, path: string): void => {
    if (found.isDirectory()) return;
    if (left.get(path)?.isUnchangedFrom(found) !== true) throw changed(path);
    left.delete(path);
  };
  await walkAll(sources, watch, () => undefined, compare).catch((cause: unknown) => {
    if (cause instanceof EvsealError && cause.code !== "INTERRUPTED") throw changed(cause.subject ?? "", cause);
    throw cause;
  });
  for (const path of left.keys()) throw changed(path);
}

/** `path` is below `folder`. */
type Meet = (found: BigIntStats, path: string, folder: string) => void;

/** Shows `meet` every file and folder; `report` is called now and then, and at the end. Throws INTERRUPTED. */
async function walkAll(sources: readonly string[], watch: Watch, report: () => void, meet: Meet): Promise<void> {
  let met = 0;
  for (const source of sources) {
    const location = resolve(source);
    const folder = dirname(location);
    const steps = walk(location, basename(location), (found, path) => meet(found, path, folder));
    while (steps.next().done !== true) {
      if (++met % betweenSignals !== 0) continue;
      report();
      await new Promise(setImmediate); // a signal is heard
      throwIfInterrupted(watch);
    }
  }
  report();
  throwIfInterrupted(watch);
}

/** Stops after each file and folder. Each look blocks this thread: a call that another thread answers costs several times as much. */
function* walk(
  location: string,
  path: string,
  meet: (found: BigIntStats, path: string) => void,
): Generator<void, void, undefined> {
  const found = read(path, () => lstatSync(location, { bigint: true }));
  if (!found.isDirectory() && !found.isFile()) throw notRegular(path, found);
  meet(found, path);
  yield;
  if (!found.isDirectory()) return;
  for (const name of read(path, () => readdirSync(location, "buffer"))) {
    const child = decodeName(name, path);
    yield* walk(join(location, child), path === "" ? child : `${path}/${child}`, meet);
  }
}

function read<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const isGone = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw unreadable(path, isGone ? "is not there" : "could not be read", cause);
  }
}

function decodeName(name: Buffer, folder: string): string {
  try {
    return fromUtf8(name);
  } catch {
    throw new EvsealError("NAME_UNSAFE", "a file or folder name is not valid UTF-8", {
      subject: folder,
      hint: "rename a copy of it with plain letters and digits, and note the old name in your record",
    });
  }
}

function notRegular(subject: string, found: BigIntStats): EvsealError {
  const kind = found.isSymbolicLink() ? "a symbolic link" : "a device, a pipe or a socket";
  return new EvsealError("SOURCE_NOT_REGULAR", `a source is ${kind}, not a file`, {
    subject,
    hint: "put a copy of what it stands for in its place: a package holds files only",
  });
}

function tooMany(): EvsealError {
  return new EvsealError("TOO_MUCH_TO_PACK", `there are more than ${limits.files} files`, {
    hint: "pack the folders in several packages",
  });
}
