import fs from "node:fs";
import { mkdir, open, readdir, writeFile, type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { QuickerWay } from "../../src/output/quicker-way.js";
import { parseVolumeSize, type Volume } from "../../src/package/volumes.js";
import { pack } from "../../src/sealing/pack.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { failDirectReads } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";

const files = ["EV-….evseal", "EV-….manifest.evseal", "HOW-TO-OPEN.txt", "EV-….label.json", "EV-….label.json.minisig"];

const otherEnd = "~~~~~~~~"; // no chance

/** Until the test ends, the file that is written as number `index` has another end than it was given. */
async function spoil(index: number): Promise<() => number> {
  const anyFile = await open("/dev/null");
  const prototype = Object.getPrototypeOf(anyFile) as FileHandle;
  await anyFile.close();
  const utimes = Reflect.get(prototype, "utimes") as (this: FileHandle, ...times: unknown[]) => Promise<void>;
  const { futimesSync } = fs;
  let written = 0;
  // Setting the time is the last thing that is done to a file before it is synchronised and closed.
  const spoiling = [
    vi.spyOn(prototype, "utimes").mockImplementation(async function (this: FileHandle, ...times) {
      if (written++ === index)
        await this.write(Buffer.from(otherEnd), 0, otherEnd.length, (await this.stat()).size - otherEnd.length);
      await utimes.apply(this, times);
    }),
    vi.spyOn(fs, "futimesSync").mockImplementation((descriptor, ...times) => {
      if (written++ === index) fs.writeSync(descriptor, otherEnd, fs.fstatSync(descriptor).size - otherEnd.length);
      futimesSync(descriptor, ...times);
    }),
  ];
  syncBuiltinESMExports(); // what was imported by name is what was set last
  onTestFinished(() => {
    for (const each of spoiling) each.mockRestore();
    syncBuiltinESMExports();
  });
  return () => written;
}

async function expectNoticed(sizeBytes: number, volume?: Volume): Promise<void> {
  const [sender, receiver] = [makeUnit("GMP"), makeUnit("SCAS")];
  const source = join(await temporaryFolder(), "INT-001");
  await mkdir(source);
  await writeFile(join(source, "a.mp4"), Buffer.alloc(sizeBytes, "the interview"));
  const outDir = await temporaryFolder();
  const request = { sources: [source], recipients: [receiver.card], sender, outDir, record: {}, watch: quietWatch() };
  const onto = volume === undefined ? {} : { volume };

  await expect(pack({ ...request, clock: () => new Date(), ...onto })).rejects.toThrow(refusal("READ_BACK_DIFFERS"));
  expect(await readdir(outDir)).toEqual([]);
}

async function expectSpoilingNoticed(index: number, sizeBytes: number, volume?: Volume): Promise<void> {
  const written = await spoil(index);
  await expectNoticed(sizeBytes, volume);
  expect(written()).toBeGreaterThan(index);
}

it.each(files)("a disk that gives back another %s than it was given is noticed, and no package made", async (name) => {
  await expectSpoilingNoticed(files.indexOf(name), 13);
});

it.runIf(process.platform === "linux")("so is one that cannot be read, whatever the page cache still has", async () => {
  const quicker = vi.spyOn(QuickerWay.prototype, "way", "get").mockReturnValue("copied");
  onTestFinished(() => quicker.mockRestore());
  const failed = failDirectReads("EIO");
  await expectNoticed(2_000_000);
  expect(failed()).toBeGreaterThan(0);
});

const onDiscs = files.flatMap((name) => [1, 2].map((disc) => `disc-00${disc}/${name}`));

it.each(onDiscs)("so is one that gives back another %s, of a package on two discs", async (name) => {
  await expectSpoilingNoticed(onDiscs.indexOf(name), 1_900_000, parseVolumeSize("6MiB"));
});
