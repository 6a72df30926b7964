/** A package of some size all the way: sealed, checked, listed, opened, and listed by other people's programs. */
import { rmSync, statfsSync } from "node:fs";
import path from "node:path";
import { contentsOf, emptyFolder, type Content, type Exchange } from "../interop/exchange.js";
import { must } from "../interop/programs.js";
import { tars, type Entry } from "../interop/tars.js";
import { measured } from "./measured.js";

/** One line of the table: a step, how long it took and the most memory it held. */
export interface Row {
  readonly step: string;
  readonly seconds: number;
  readonly peakMiB: number;
}

export interface Journey {
  readonly rows: readonly Row[];
  readonly sources: Readonly<Record<string, Content>>;
  readonly opened: Readonly<Record<string, Content>>;
  /** By the program's name: its listing, without the seal number and `media/` in front, and what it complained of. */
  readonly listings: Readonly<Record<string, { readonly entries: readonly Entry[]; readonly complaints: string }>>;
}

/** Packs the folder `sources` from `sender` to `receiver`, a classic unit, and follows the package to its end. */
export async function travel({ place, sender, receiver }: Exchange, sources: string): Promise<Journey> {
  const rows: Row[] = [];
  const step = async (home: string, name: string, ...args: readonly string[]): Promise<string> => {
    const { stdout, seconds, peakMiB } = await measured(home, [name, ...args]);
    rows.push({ step: name, seconds: Math.round(seconds * 10) / 10, peakMiB });
    return stdout;
  };

  const out = emptyFolder(place, "to-burn");
  const packed = await step(sender.home, "pack", sources, "--to", receiver.unit, "--out", out);
  const { seal } = JSON.parse(packed) as { seal: string }; // as product.md has it
  const folder = path.join(out, seal);
  await step(sender.home, "check", out);
  await step(receiver.home, "verify", folder);
  await step(receiver.home, "list", folder);
  const opened = emptyFolder(place, "opened");
  await step(receiver.home, "open", folder, "--out", opened);
  const found = await contentsOf(path.join(opened, `${seal}.opened`, "media", path.basename(sources)));
  rmSync(opened, { recursive: true });

  const archive = path.join(place, "media.tar");
  const identity = path.join(receiver.home, "receiving.age");
  await must("age", ["-d", "-i", identity, "-o", archive, path.join(folder, `${seal}.evseal`)]);
  const listings: Record<string, { entries: Entry[]; complaints: string }> = {};
  for (const { name, list } of tars) {
    const { entries, complaints } = await list(archive);
    const below = `${seal}/media/${path.basename(sources)}/`;
    listings[name] = {
      entries: entries.map((entry) => ({ ...entry, path: entry.path.replace(below, "") })),
      complaints,
    };
  }
  rmSync(archive);
  rmSync(out, { recursive: true });
  return { rows, sources: await contentsOf(sources), opened: found, listings };
}

/** Throws unless `folder` has room for so many bytes: a full disk would otherwise look like a fault of evseal. */
export function needRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new Error(`${folder} has ${Math.round(free / 1e9)} GB free; this needs ${Math.round(bytes / 1e9)} GB`);
}
