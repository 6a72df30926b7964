import type { BigIntStats } from "node:fs";
import { lstat, opendir, stat } from "node:fs/promises";
import type { PackageFolder } from "../opening/package-folder.js";
import { stateOf, type SealedSource } from "../opening/sealed-source.js";
import { throwIfInterrupted, type Watch } from "../watch.js";

/** More than any disc of packages has; what is beyond is not looked at, and the answer is no. */
const treeLimits = { depth: 32, entries: 100_000 } as const;

export type EntryKind = "file" | "folder" | "link" | "special" | "unreadable" | "too deep" | "the same again";

/** Something found below a path, as it was when it was found. */
export interface Entry {
  /** As it can be shown; a name that is not UTF-8 has replacement characters here. */
  readonly name: string;
  readonly path: string;
  /** The path's own bytes. */
  readonly location: Buffer;
  readonly kind: EntryKind;
  /** What no change to it leaves as it was: which file it is, its size and its times. */
  readonly identity: string;
  /** What a folder holds, in the order of the names' bytes. */
  readonly entries: readonly Entry[];
  /** Of what stands on a disc's image, which no path leads to. */
  readonly onDisc?: { readonly folder?: PackageFolder; readonly open?: () => Promise<SealedSource> };
}

export interface Tree {
  /** Undefined when there is nothing at the path. */
  readonly root: Entry | undefined;
  /** False when there is more below than is looked at. */
  readonly isWhole: boolean;
}

/** All that is below `path`, through no link but `path` itself, which the user named. Throws INTERRUPTED only. */
export async function readTree(path: string, watch: Watch): Promise<Tree> {
  const walk = new Walk(watch);
  const location = Buffer.from(path);
  const found = await stat(location, { bigint: true }).catch((cause: unknown) => cause as NodeJS.ErrnoException);
  if ("code" in found) {
    const isNothing = ["ENOENT", "ENOTDIR"].includes(found.code ?? "");
    return { root: isNothing ? undefined : await walk.entry(path, path, location, found, []), isWhole: true };
  }
  const root = await walk.entry(path, path, location, found, []);
  return { root, isWhole: walk.isWhole };
}

/** Every entry of the tree with its identity, by its path's bytes. */
export function identities(root: Entry, into = new Map<string, Entry>()): Map<string, Entry> {
  into.set(root.location.toString("latin1"), root);
  for (const entry of root.entries) identities(entry, into);
  return into;
}

class Walk {
  isWhole = true;
  readonly #watch: Watch;
  #entries = 0;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** `found` is what lstat(2) said, or why it could not; `above` are the folders it is in, as device and inode. */
  async entry(
    name: string,
    path: string,
    location: Buffer,
    found: BigIntStats | NodeJS.ErrnoException,
    above: readonly string[],
  ): Promise<Entry> {
    throwIfInterrupted(this.#watch);
    const whole = { name, path, location, identity: "", entries: [] };
    if ("code" in found || !("ino" in found)) return { ...whole, kind: "unreadable" };
    const identity = stateOf(found);
    const as = (kind: EntryKind, entries: readonly Entry[] = []): Entry => ({ ...whole, identity, kind, entries });
    if (found.isFile()) return as("file");
    if (found.isSymbolicLink()) return as("link");
    if (!found.isDirectory()) return as("special");
    const self = `${found.dev},${found.ino}`;
    if (above.includes(self)) return as("the same again"); // a folder mounted below itself
    if (above.length >= treeLimits.depth) return as("too deep");
    const entries = await this.#entriesOf(path, location, [...above, self]);
    return entries === undefined ? as("unreadable") : as("folder", entries);
  }

  async #entriesOf(path: string, location: Buffer, above: readonly string[]): Promise<Entry[] | undefined> {
    const names = await this.#namesIn(location).catch(() => undefined);
    if (names === undefined) return undefined;
    const entries: Entry[] = [];
    for (const bytes of names.sort()) {
      const name = Buffer.from(bytes, "latin1");
      const below = Buffer.concat([location, Buffer.from("/"), name]);
      const found = await lstat(below, { bigint: true }).catch((cause: unknown) => cause as NodeJS.ErrnoException);
      const shown = name.toString();
      entries.push(await this.entry(shown, join(path, shown), below, found, above));
    }
    return entries;
  }

  /** Each name's bytes as latin1: a name need not be UTF-8. Read one by one, so that a flood of them can be cut off. */
  async #namesIn(location: Buffer): Promise<string[]> {
    const names: string[] = [];
    const folder = await opendir(location, { encoding: "latin1", bufferSize: 256 });
    for await (const { name } of folder) {
      throwIfInterrupted(this.#watch);
      this.#entries += 1;
      if (this.#entries > treeLimits.entries) this.isWhole = false;
      if (!this.isWhole) break;
      names.push(name);
    }
    return names;
  }
}

/** Not node's join, which would rewrite what was typed. */
function join(path: string, name: string): string {
  return path.endsWith("/") ? `${path}${name}` : `${path}/${name}`;
}
