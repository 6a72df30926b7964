import fs from "node:fs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DurableFile } from "../../src/output/durable-file.js";
import { QuickerWay, type Way } from "../../src/output/quicker-way.js";
import { pageMemory } from "../page-memory.js";
import { standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const mib = 1024 * 1024;

/** The ways that are taken by `count` writes of 1 MiB, of which each takes this long. */
function waysOf(quicker: QuickerWay, count: number, ms: Readonly<Record<Way, number>>): Way[] {
  return Array.from({ length: count }, () => {
    const { way } = quicker;
    quicker.took(way, mib, ms[way]);
    return way;
  });
}

const times = (count: number, way: Way): Way[] => Array.from({ length: count }, () => way);

describe("of two ways", () => {
  it("both are tried, and the quicker one is taken from then on", () => {
    for (const [way, ms] of [
      ["direct", { direct: 0.8, copied: 2.6 }],
      ["copied", { direct: 2.2, copied: 0.5 }],
    ] as const) {
      expect(waysOf(new QuickerWay(), 50, ms)).toEqual([
        ...times(8, "direct"),
        ...times(8, "copied"),
        ...times(34, way),
      ]);
    }
  });

  it("one that becomes slow is left, and one slow write alone changes nothing", () => {
    const quicker = new QuickerWay();
    waysOf(quicker, 50, { direct: 1, copied: 3 });
    quicker.took("direct", mib, 10);
    expect(quicker.way).toBe("direct");
    expect(waysOf(quicker, 20, { direct: 9, copied: 3 }).slice(-10)).toEqual(times(10, "copied"));
  });

  it("a write counts for its bytes: what each takes whatever its size changes little", () => {
    const quicker = new QuickerWay();
    for (let n = 0; n < 4; n++) quicker.took("direct", 4 * mib, 4);
    for (let n = 0; n < 8; n++) quicker.took("copied", mib, 2);
    expect(quicker.way).toBe("direct");
    for (let n = 0; n < 4; n++) quicker.took("direct", 4096, 0.1); // 25 ms for each MiB
    expect(quicker.way).toBe("direct");
  });
});

describe("a file that is written both ways", () => {
  class InTurn extends QuickerWay {
    #count = 0;
    override get way(): Way {
      return this.#count++ % 2 === 0 ? "copied" : "direct";
    }
  }

  it("is whole, however they take turns", async () => {
    const path = join(await temporaryFolder(), "file");
    const bytes = pageMemory(8 * mib);
    for (let at = 0; at < bytes.length; at += 4096) bytes.fill((at / 4096) % 251, at, at + 4096);
    const file = new DurableFile(path, new InTurn());
    await Promise.all(Array.from({ length: 8 }, (_, n) => file.writeAside(bytes.subarray(n * mib, (n + 1) * mib))));
    await file.finish(0);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it.each([
    ["leaves", 200],
    ["keeps", 0],
  ])("%s a way past the page cache on which a write takes %s ms more, beside one of 30", async (what, slowMs) => {
    const bytes = pageMemory(mib);
    let direct = 0;
    standIn(fs, "write", (write) => (...given) => {
      direct++;
      void setTimeout(slowMs).then(() => write(...given));
    });
    standIn(fs, "writeSync", (writeSync) => (...given) => {
      const until = performance.now() + 30;
      while (performance.now() < until);
      return writeSync(...given);
    });
    const file = new DurableFile(join(await temporaryFolder(), "file"), new QuickerWay());
    for (let n = 0; n < 30; n++) await file.writeAside(bytes);
    await file.finish(0);
    expect(direct < 15 ? "leaves" : "keeps").toBe(what); // 8 and 22 on a machine that does nothing else
  });
});
