import fs from "node:fs";
import { readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { DurableFile } from "../../src/output/durable-file.js";
import { QuickerWay } from "../../src/output/quicker-way.js";
import { canMount, mounted } from "../cli/mounts.js";
import { pageMemory } from "../page-memory.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { standIn, systemError, type Call } from "../stand-in.js";

const page = 4096;
const modifiedMs = Date.parse("2026-11-20T10:00:00Z");

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, "file");
});

/** Bytes that begin at a page of memory, each page with a letter of its own. */
function pages(count: number, first = "a"): Uint8Array {
  const bytes = pageMemory(count * page);
  for (let n = 0; n < count; n++) bytes.fill(first.charCodeAt(0) + n, n * page, (n + 1) * page);
  return bytes;
}

/** What this process has open in the folder of the test, deleted files included. */
function openFiles(): readonly string[] {
  const names = readdirSync("/proc/self/fd").map((descriptor) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return "";
    }
  });
  return names.filter((name) => name.startsWith(folder));
}

async function expectLetGo(): Promise<void> {
  for (let tries = 0; openFiles().length > 0 && tries < 100; tries++) await setTimeout(5);
  expect(openFiles()).toEqual([]);
}

describe("a durable file", () => {
  it.each([false, true])("is whole, for the user alone, of its time and closed; direct: %s", async (direct) => {
    const file = new DurableFile(path, direct ? new QuickerWay() : undefined);
    const [first, second] = [pages(3), pages(2, "x")];
    await Promise.all([file.writeAside(first), file.writeAside(second)]); // both may be under way at once
    const third = pages(3, "m").subarray(0, 2 * page + 100);
    await file.writeAside(third); // ends in the middle of a page
    file.write(Buffer.from("the end"));
    await file.finish(modifiedMs);
    expect(readFileSync(path).equals(Buffer.concat([first, second, third, Buffer.from("the end")]))).toBe(true);
    expect(statSync(path)).toMatchObject({ mtimeMs: modifiedMs });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openFiles()).toEqual([]);
  });

  it("goes the ordinary way where a write does not begin at a page of the file", async () => {
    const file = new DurableFile(path, new QuickerWay());
    file.write(Buffer.from("odd"));
    const bytes = pages(2);
    await file.writeAside(bytes);
    await file.finish(modifiedMs);
    expect(readFileSync(path).equals(Buffer.concat([Buffer.from("odd"), bytes]))).toBe(true);
  });

  const ramfs = canMount(() => ["-t", "ramfs", "ramfs"]);
  it.skipIf(!ramfs)(`goes it where the file system has no other${ramfs ? "" : " [SKIPPED]"}`, async () => {
    const at = mounted(join(folder, "at"), "-t", "ramfs", "ramfs");
    const file = new DurableFile(join(at, "file"), new QuickerWay());
    const bytes = pages(2);
    await file.writeAside(bytes);
    await file.finish(modifiedMs);
    expect(readFileSync(join(at, "file")).equals(bytes)).toBe(true);
  });

  it("has a time before 1970 too", async () => {
    const file = new DurableFile(path);
    await file.finish(-86_400_000);
    expect(statSync(path).mtimeMs).toBe(-86_400_000);
  });

  it("is never an existing one, and never through a link", () => {
    writeFileSync(path, "before");
    symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
    for (const name of ["file", "link"]) {
      expect(() => new DurableFile(join(folder, name), new QuickerWay())).toThrow(refusal("OUTPUT_EXISTS"));
    }
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder).sort()).toEqual(["file", "link"]);
  });

  it("needs its folder", () => {
    expect(() => new DurableFile(join(folder, "none", "file"))).toThrow(refusal("OUTPUT_FAILED"));
  });
});

describe("a disk that is full", () => {
  const tmpfs = canMount(() => ["-t", "tmpfs", "-o", "size=16k", "tmpfs"]);
  const isSaid = tmpfs ? "" : " [SKIPPED, nothing can be mounted here]";

  it.skipIf(!tmpfs)(`is told to who writes, and the file is let go${isSaid}`, async () => {
    const at = mounted(join(folder, "at"), "-t", "tmpfs", "-o", "size=16k", "tmpfs");
    const file = new DurableFile(join(at, "a"));
    expect(() => {
      file.write(pages(8));
    }).toThrow(refusal("OUTPUT_NO_SPACE"));
    file.abandon();
    file.abandon(); // a second time is none
    await expectLetGo();
  });

  it.skipIf(!tmpfs)(`is told to who writes past the page cache${isSaid}`, async () => {
    const at = mounted(join(folder, "at"), "-t", "tmpfs", "-o", "size=16k", "tmpfs");
    const file = new DurableFile(join(at, "a"), new QuickerWay());
    const writes = [file.writeAside(pages(8)), file.writeAside(pages(8))];
    const ended = await Promise.allSettled(writes);
    expect(ended.some(({ status }) => status === "rejected")).toBe(true);
    for (const each of ended) {
      if (each.status === "rejected") expect(each.reason).toEqual(refusal("OUTPUT_NO_SPACE"));
    }
    file.abandon();
    await expectLetGo();
  });

  describe.each([true, false])("or breaks, while much is written (direct: %s)", (direct) => {
    let file: DurableFile;
    let writing: Promise<void>;
    beforeEach(() => {
      file = new DurableFile(path, direct ? new QuickerWay() : undefined);
      const breaking: Call = (...given) => (given.at(-1) as Call)(systemError("EIO"));
      standIn(fs, "write", () => breaking); // in another thread
      standIn(fs, "writeSync", () => () => {
        throw systemError("EIO");
      });
      writing = file.writeAside(pages(2));
    });

    it("is told as such", async () => {
      await expect(writing).rejects.toEqual(refusal("OUTPUT_FAILED"));
      file.abandon();
      await expectLetGo();
    });

    it("is told at the end to whoever did not wait, and the file is let go", async () => {
      await expect(file.finish(modifiedMs)).rejects.toEqual(refusal("OUTPUT_FAILED"));
      expect(openFiles()).toEqual([]);
    });
  });
});

describe("a disk that did not keep what it took", () => {
  /** The system tells it in `name`, once. */
  const failing = (name: "fdatasync" | "fsync"): void => {
    let calls = 0;
    standIn(fs, name, (sync) => (...given) => {
      if (calls++ > 0) return sync(...given);
      return (given.at(-1) as Call)(systemError("EIO"));
    });
  };
  const large = pageMemory(16 * 1024 * 1024);

  it.each([
    ["fdatasync", "write"],
    ["fdatasync", "writeAside"],
    ["fsync", "write"],
    ["fsync", "writeAside"],
  ] as const)("is told at the end, however early %s said so of a %s", async (name, write) => {
    failing(name);
    const file = new DurableFile(path, new QuickerWay());
    for (let n = 0; n < 3; n++) await file[write](large);
    await setTimeout(1); // nobody is there to hear it yet
    await expect(file.finish(modifiedMs)).rejects.toEqual(refusal("OUTPUT_FAILED"));
    expect(openFiles()).toEqual([]);
    file.abandon(); // after the end it is none
  });
});

it.each([true, false])(
  "keeps whoever writes much waiting for a disk that is far behind (direct: %s)",
  async (direct) => {
    const flushes: ((cause: null) => void)[] = [];
    const slow: Call = (...given) => void flushes.push(given.at(-1) as (cause: null) => void);
    standIn(fs, "fdatasync", () => slow);
    const file = new DurableFile(path, direct ? new QuickerWay() : undefined);
    const bytes = pageMemory(32 * 1024 * 1024);
    for (let n = 0; n < 4; n++) await file.writeAside(bytes);
    let isDone = false;
    const writing = file.writeAside(bytes).then(() => (isDone = true));
    await vi.waitFor(() => expect(flushes).toHaveLength(5), 30_000);
    await setTimeout(20);
    expect(isDone).toBe(false);
    flushes.shift()?.(null);
    await writing;
    for (const flushed of flushes) flushed(null);
    await file.finish(modifiedMs);
    expect(statSync(path).size).toBe(5 * bytes.length);
  },
);

describe("whoever may rename in the folder", () => {
  it.runIf(process.platform === "linux")("cannot lead a part of the writing to another file", async () => {
    writeFileSync(join(folder, "other"), "before");
    let opened = 0;
    standIn(fs, "openSync", (open) => (...given) => {
      const descriptor = open(...given);
      // Between making the file and opening it for the second time.
      if (given[0] === path && opened++ === 0) renameSync(join(folder, "other"), path);
      return descriptor;
    });
    expect(() => new DurableFile(path, new QuickerWay())).toThrow(refusal("OUTPUT_FAILED"));
    expect(readFileSync(path, "utf8")).toBe("before");
    await expectLetGo();
  });
});

it("giving up waits for the writes that are under way, and never throws", async () => {
  const file = new DurableFile(path, new QuickerWay());
  const bytes = pages(8);
  standIn(
    fs,
    "write",
    (write) =>
      (...given) =>
        void globalThis.setTimeout(() => write(...given), 20),
  ); // a slow disk
  const writing = file.writeAside(bytes);
  standIn(fs, "closeSync", (close) => (...given) => {
    close(...given);
    throw systemError("EIO");
  });
  file.abandon();
  await writing;
  await expectLetGo();
  expect((await readFile(path)).equals(bytes)).toBe(true);
});
