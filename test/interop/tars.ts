/** The programs that read tar archives, with one way to ask each for the same things. */
import path from "node:path";
import { exec, type Ended } from "./programs.js";

export interface Entry {
  readonly path: string;
  readonly sizeBytes: number;
}

export interface Tar {
  readonly name: string;
  /** libarchive gives names in Unicode's composed form, whatever form they have in the archive. */
  readonly composesNames?: true;
  /** Every entry in the archive's order; `complaints` is what the program said beside it, and must be empty. */
  readonly list: (archive: string) => Promise<{ entries: readonly Entry[]; complaints: string }>;
  readonly extract: (archive: string, folder: string) => Promise<{ complaints: string }>;
}

const gnuTar: Tar = {
  name: "GNU tar",
  list: async (archive) => {
    const ended = await exec("tar", [
      "-tv",
      "--quoting-style=literal",
      "--full-time",
      "--numeric-owner",
      "-f",
      archive,
    ]);
    // -rw-r--r-- 0/0     6144 2026-11-23 23:23:25 EV-…/media/interview/VIDEO_TS/VIDEO_TS.BUP
    return { entries: rows(ended.stdout, /^-\S+ \S+ +(\d+) \S+ \S+ (.*)$/), complaints: complaints(ended) };
  },
  extract: async (archive, folder) => {
    return { complaints: complaints(await exec("tar", ["-xf", archive, "-C", folder])) };
  },
};

const bsdTar: Tar = {
  name: "bsdtar",
  composesNames: true,
  list: async (archive) => {
    const ended = await exec("bsdtar", ["-tvf", archive]);
    // -rw-r--r--  0 0      0        6144 Nov 23 23:23 EV-…/media/…  (an old time has a year in place of the hour)
    const found = rows(ended.stdout, /^-\S+ +\d+ \S+ +\S+ +(\d+) \S+ +\d+ +[\d:]+ (.*)$/);
    return { entries: found, complaints: complaints(ended) };
  },
  extract: async (archive, folder) => {
    return { complaints: complaints(await exec("bsdtar", ["-xf", archive, "-C", folder])) };
  },
};

const python: Tar = {
  name: "Python's tarfile",
  list: async (archive) => {
    const script = `import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    for entry in archive:
        assert entry.isreg()
        print(entry.size, entry.name)`;
    const ended = await exec("python3", ["-W", "error", "-c", script, archive]);
    return { entries: rows(ended.stdout, /^(\d+) (.*)$/), complaints: complaints(ended) };
  },
  extract: async (archive, folder) => {
    const script = `import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2], filter="data")`;
    return { complaints: complaints(await exec("python3", ["-W", "error", "-c", script, archive, folder])) };
  },
};

const sevenZip: Tar = {
  name: "7-Zip",
  list: async (archive) => {
    const ended = await exec("7zz", ["l", "-slt", "-sccUTF-8", archive]);
    const listing = ended.stdout.split("----------\n")[1] ?? "";
    const entries = [...listing.matchAll(/^Path = (.*)\n(?:.+\n)*?Size = (\d+)$/gm)];
    return {
      entries: entries.map(([, name = "", size]) => ({ path: name, sizeBytes: Number(size) })),
      complaints: complaints(ended) + warnings(ended),
    };
  },
  extract: async (archive, folder) => {
    const ended = await exec("7zz", ["x", "-y", `-o${folder}`, path.resolve(archive)]);
    return { complaints: complaints(ended) + warnings(ended) };
  },
};

export const tars: readonly Tar[] = [gnuTar, bsdTar, python, sevenZip];

/** Lines of a listing, whose form names the size first and the path second. Throws at a line of another form. */
function rows(listing: string, form: RegExp): Entry[] {
  const lines = listing.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, size, name] = form.exec(line) ?? [];
    if (size === undefined || name === undefined) throw new Error(`not understood: ${line}`);
    return { path: name, sizeBytes: Number(size) };
  });
}

function complaints({ code, stderr }: Ended): string {
  return code === 0 ? stderr : `ended with ${code ?? "a signal"}: ${stderr}`;
}

/** 7-Zip warns on stdout. */
function warnings({ stdout }: Ended): string {
  return stdout
    .split("\n")
    .filter((line) => /warning|error/i.test(line))
    .join("\n");
}
