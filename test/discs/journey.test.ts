/**
 * A package for several discs all the way: sealed and cut, each disc imaged and checked, taken off again by other people's
 * programs, opened from its discs in some order, and opened by `cat` and stock programs alone. In `npm run test:discs` it
 * has 12 GB on three DVDs.
 */
import { closeSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { randomFillSync } from "node:crypto";
import path from "node:path";
import { expect, test } from "vitest";
import { contentsOf, emptyFolder, evseal, exchange, sharedFolder } from "../interop/exchange.js";
import { describeWith, must } from "../interop/programs.js";
import { needRoom } from "../large/journey.js";
import { timeLimitMs, whole } from "./campaign.js";

const { volumeSize, capacityBytes, mediaBytes } = whole
  ? { volumeSize: "dvd", capacityBytes: 4_700_372_992, mediaBytes: 12e9 }
  : { volumeSize: "9MB", capacityBytes: 9e6, mediaBytes: 12e6 };
const place = sharedFolder();

/** Bytes that compress to nothing less, quickly: one random block, changed a little each time. */
function writeMedia(file: string, sizeBytes: number): void {
  const block = randomFillSync(Buffer.alloc(1024 * 1024));
  const descriptor = openSync(file, "wx");
  for (let at = 0; at < sizeBytes; at += block.length) {
    block.writeDoubleLE(at, at % 1000);
    writeSync(descriptor, block, 0, Math.min(block.length, sizeBytes - at));
  }
  closeSync(descriptor);
}

/** In an order that is another each time. */
function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

describeWith(["xorriso", "bsdtar", "age", "minisign"], "a package on several discs", () => {
  test(
    "is checked as it is burned, opened from its discs in any order, and by stock programs alone",
    async () => {
      if (whole) needRoom(place, 5 * mediaBytes);
      const { sender, receiver } = await exchange(place, "--classic");
      const sources = emptyFolder(place, "interview");
      writeMedia(path.join(sources, "camera-1.mp4"), Math.floor(mediaBytes * 0.7));
      writeMedia(path.join(sources, "camera-2.mp4"), Math.floor(mediaBytes * 0.3));
      writeFileSync(path.join(sources, "notes.txt"), "words");
      const expected = await contentsOf(sources);

      const out = emptyFolder(place, "to-burn");
      const size = ["--volume-size", volumeSize];
      const packed = await evseal(sender.home, "pack", sources, "--to", receiver.unit, "--out", out, ...size);
      rmSync(sources, { recursive: true });
      const seal = String(packed["seal"]);
      const parts = packed["containers"] as readonly { name: string; disc: number }[]; // as product.md has it
      const discCount = parts.at(-1)?.disc ?? 0;
      expect(discCount).toBe(3);
      await evseal(sender.home, "check", out);

      const drives: string[] = [];
      for (let disc = 1; disc <= discCount; disc++) {
        const folder = path.join(out, seal, `disc-00${disc}`);
        const image = path.join(place, `${disc}.iso`);
        await must("xorriso", ["-as", "mkisofs", "-quiet", "-r", "-J", "-V", seal, "-o", image, folder]);
        expect(statSync(image).size).toBeLessThanOrEqual(capacityBytes);
        const { digest } = await evseal(sender.home, "check", folder);
        await evseal(sender.home, "check", image, "--expect-digest", String(digest));
        rmSync(folder, { recursive: true });
        const drive = emptyFolder(place, `drive-${disc}`);
        await must("bsdtar", ["-x", "-f", image, "-C", drive]);
        rmSync(image);
        drives.push(drive);
      }
      rmSync(out, { recursive: true });

      await evseal(receiver.home, "verify", ...shuffled(drives));
      const opened = emptyFolder(place, "opened");
      await evseal(receiver.home, "open", ...shuffled(drives), "--out", opened);
      expect(await contentsOf(path.join(opened, `${seal}.opened`, "media/interview"))).toEqual(expected);
      rmSync(opened, { recursive: true });

      const stock = emptyFolder(place, "stock");
      const identity = path.join(receiver.home, "receiving.age");
      const [first = ""] = drives;
      await must("minisign", ["-V", "-H", "-P", sender.signingKey, "-m", path.join(first, `${seal}.label.json`)]);
      const found = parts.map(({ name, disc }) => path.join(drives[disc - 1] ?? "", name)).join("' '");
      await must("sh", ["-c", `cat '${found}' | age -d -i '${identity}' | tar -x -f - -C '${stock}'`]);
      expect(await contentsOf(path.join(stock, seal, "media/interview"))).toEqual(expected);
    },
    timeLimitMs,
  );
});
