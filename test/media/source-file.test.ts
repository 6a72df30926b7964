import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, { type BigIntStats } from "node:fs";
import { appendFile, lstat, rename, rm, stat, statfs, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { OpenSource } from "../../src/media/open-source.js";
import { SourceFile } from "../../src/media/source-file.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { refusal } from "../refusal.js";
import { standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const [tmpfsMagic, ext4Magic] = [0x0102_1994, 0xef53]; // statfs(2)
const blocks = Buffer.alloc(1_000_000, "evidence ");

async function sourceFile(): Promise<{ path: string; source: SourceFile }> {
  const path = join(await temporaryFolder(), "a.mp4");
  await writeFile(path, blocks);
  const source = new SourceFile(PortablePath.parse("a.mp4"), dirname(path), await lstat(path, { bigint: true }));
  return { path, source };
}

/** All of it; `meanwhile` happens after the first block. */
async function read(source: SourceFile, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<Buffer> {
  const open = new OpenSource(source.place);
  try {
    const pieces: Buffer[] = [];
    for (;;) {
      const room = Buffer.alloc(256 * 1024);
      const sizeBytes = open.read(room);
      if (sizeBytes === 0) break;
      if (pieces.push(room.subarray(0, sizeBytes)) === 1) await meanwhile();
    }
    open.refuseChange();
    return Buffer.concat(pieces);
  } finally {
    open.close();
  }
}

describe("a source file", () => {
  it("gives all its bytes, and leaves even the time of access alone", async () => {
    const { path, source } = await sourceFile();
    await utimes(path, 1_000_000_000, (await stat(path)).mtime);
    const fresh = new SourceFile(PortablePath.parse("a.mp4"), dirname(path), await lstat(path, { bigint: true }));
    expect((await read(fresh)).equals(blocks)).toBe(true);
    expect((await stat(path)).atimeMs).toBe(1_000_000_000_000);
    await expect(read(source)).rejects.toThrow(refusal("SOURCE_CHANGED")); // utimes was a change after it was found
  });

  it("is written out by the kernel first, if it was changed within the last two minutes", async () => {
    const { path, source } = await sourceFile();
    let asked = 0;
    standIn(fs, "fdatasyncSync", (fdatasyncSync) => (...given) => {
      asked++;
      return fdatasyncSync(...given);
    });
    const { ctimeMs } = await stat(path);
    const isTelling = (await statfs(path)).type === ext4Magic;
    const now = vi.spyOn(Date, "now");
    onTestFinished(() => now.mockRestore());
    for (const [laterMs, times] of [
      [119_999, 1],
      [-5000, 2], // another machine's clock
      [120_001, isTelling ? 2 : 3],
    ] as const) {
      now.mockReturnValue(ctimeMs + laterMs);
      expect((await read(source)).equals(blocks)).toBe(true);
      expect(asked).toBe(times);
    }
  });

  it("with a time that no manifest can hold is refused", () => {
    const found = { mtimeNs: 10n ** 30n, size: 0n } as BigIntStats;
    expect(() => new SourceFile(PortablePath.parse("a"), "/", found)).toThrow(refusal("SOURCE_UNREADABLE"));
  });
});

describe("a source file that changes is refused:", () => {
  const changes: Record<string, (path: string) => Promise<void>> = {
    "it grows": (path) => appendFile(path, "x"),
    "it shrinks": (path) => truncate(path, 300_000),
    "it is written to in place": (path) => writeFile(path, Buffer.alloc(blocks.length, "other ")),
    "its time is set back": (path) => utimes(path, 0, 0),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`${what} before it is read`, async () => {
      const { path, source } = await sourceFile();
      await change(path);
      await expect(read(source)).rejects.toThrow(refusal("SOURCE_CHANGED"));
    });

    it(`${what} while it is read`, async () => {
      const { path, source } = await sourceFile();
      await expect(read(source, () => change(path))).rejects.toThrow(refusal("SOURCE_CHANGED"));
    });
  }

  it.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
    "it is written to through memory, all the time",
    async (the) => {
      const { path } = await sourceFile();
      if ((await statfs(path)).type === tmpfsMagic) the.skip("a tmpfs does not tell of it");
      const program =
        "import mmap, sys\nf = open(sys.argv[1], 'r+b')\nm = mmap.mmap(f.fileno(), 0)\nprint(flush=True)\n";
      const writer = spawn("python3", ["-c", `${program}while True: m[0] = (m[0] + 1) % 256`, path]);
      try {
        await once(writer.stdout, "data");
        const source = new SourceFile(PortablePath.parse("a.mp4"), dirname(path), await lstat(path, { bigint: true }));
        const writesOn = (): Promise<void> => setTimeout(20); // longer than the clock that a file system's times are read from
        await expect(read(source, writesOn)).rejects.toThrow(refusal("SOURCE_CHANGED"));
      } finally {
        writer.kill("SIGKILL");
      }
    },
  );

  it.each([
    ["with room for it", 1],
    ["without room for it", 0],
  ])("more comes than the system says there is, %s", async (_how, roomBytes) => {
    const { path, source } = await sourceFile();
    const open = new OpenSource(source.place);
    onTestFinished(() => open.close());
    const told = await lstat(path, { bigint: true });
    standIn(fs, "fstatSync", () => () => told);
    await appendFile(path, "x");
    const readAll = (): void => {
      expect(open.read(Buffer.alloc(blocks.length + roomBytes))).toBe(blocks.length);
      open.refuseChange();
    };
    expect(readAll).toThrow(refusal("SOURCE_CHANGED"));
  });

  it.skipIf(process.platform !== "linux")("it holds something, though its size is none", async () => {
    const found = await lstat("/proc/self/status", { bigint: true });
    expect(found.size).toBe(0n);
    await expect(read(new SourceFile(PortablePath.parse("status"), "/proc/self", found))).rejects.toThrow(
      refusal("SOURCE_CHANGED"),
    );
  });

  it("another file takes its place", async () => {
    const { path, source } = await sourceFile();
    await writeFile(`${path}.new`, blocks);
    await rename(`${path}.new`, path);
    await expect(read(source)).rejects.toThrow(refusal("SOURCE_CHANGED"));
  });

  it("a link takes its place", async () => {
    const { path, source } = await sourceFile();
    await rename(path, `${path}.old`);
    await symlink(`${path}.old`, path);
    await expect(read(source)).rejects.toThrow(refusal("SOURCE_CHANGED"));
  });

  it("it goes away", async () => {
    const { path, source } = await sourceFile();
    await rm(path);
    await expect(read(source)).rejects.toThrow(refusal("SOURCE_CHANGED"));
  });
});
