/**
 * What two copies survive. A slice of every campaign runs with all other tests; `npm run test:discs` runs the whole of
 * them and shows what came of it.
 */
import { cp, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { howToName, partName } from "../../src/package/names.js";
import { record } from "../faults/campaign.js";
import { receiver, sender } from "../opening/attack.js";
import { copiesOf, damage, names, seal } from "../opening/copies.js";
import { forgePackage } from "../opening/forged-package.js";
import { temporaryFolder } from "../temporary-folder.js";
import type { Range } from "../unreadable.js";
import { damageCampaign, randomFrom, timeLimitMs, whole } from "./campaign.js";
import { DamagedDiscs, fileCount, files } from "./damaged-discs.js";

const runs = Array.from({ length: whole ? 40 : 3 }, (_, run) => run);
const manners = ["overwritten", "unreadable"] as const;
const amounts = whole ? [1, 2, 4, 8, 16, 32, 64] : [1, 8];
const otherSeal = "EV-F0RG-ED00-0002";

describe.each(manners)("blocks of 32 KiB that are %s", { timeout: timeLimitMs }, (manner) => {
  test("in one of two copies cost nothing, however many", async () => {
    const discs = await DamagedDiscs.make();
    for (const amount of [...amounts, 100_000]) {
      const words = amount === 100_000 ? "all" : amount.toString();
      await damageCampaign(`${words} blocks ${manner} in one of two copies`, runs, async (run) => {
        const blocks = discs.blocks(amount, randomFrom(run));
        await discs.damage(manner, run % 2 === 0 ? blocks : [], run % 2 === 0 ? [] : blocks);
        return await discs.open(true);
      });
    }
  });

  test("in both of two copies cost nothing, unless both have lost the same chunk", async () => {
    const discs = await DamagedDiscs.make();
    for (const amount of amounts) {
      const survived = await damageCampaign(`${amount} blocks ${manner} in each of two copies`, runs, async (run) => {
        const random = randomFrom(1000 * amount + run);
        await discs.damage(manner, discs.blocks(amount, random), discs.blocks(amount, random));
        return await discs.open();
      });
      if (amount === 1) expect(survived).toBeGreaterThan(0);
    }
  });

  test("in the only copy cost the files they are in, and no other", async () => {
    const discs = await DamagedDiscs.make();
    for (const amount of amounts) {
      const started = Date.now();
      const violations: string[] = [];
      let recovered = 0;
      for (const run of runs) {
        const blocks = discs.blocks(amount, randomFrom(run));
        await discs.damage(manner, blocks, blocks);
        const salvaged = await discs.salvage([discs.copies[0]]);
        violations.push(...salvaged.violations.map((violation) => `run ${run}: ${violation}`));
        recovered += salvaged.recovered;
      }
      const result = `${(recovered / runs.length).toFixed(1)} of ${fileCount} files are salvaged`;
      record({ name: `${amount} blocks ${manner} in the only copy`, runs: runs.length, violations, result, started });
      expect(violations).toEqual([]);
    }
  });

  test("leave everything where the first half of one copy and the second half of the other are dead", async () => {
    const discs = await DamagedDiscs.make();
    await damageCampaign(`half of each copy ${manner}`, runs, async (run) => {
      // Each keeps the chunk on the border, and a page on each side of it.
      const border = 1 + Math.floor(randomFrom(run)() * (discs.chunkCount - 2));
      const first: Range = [0, discs.chunkAt(border) - 4096];
      const second: Range = [discs.chunkAt(border + 1) + 4096, discs.sealed.length];
      await discs.damage(manner, [run % 2 === 0 ? first : second], [run % 2 === 0 ? second : first]);
      return await discs.open(true);
    });
  });
});

describe("two copies", { timeout: timeLimitMs }, () => {
  test("of which one is cut short anywhere, and the other damaged anywhere", async () => {
    const discs = await DamagedDiscs.make();
    await damageCampaign("one copy cut short, 4 blocks overwritten in the other", runs, async (run) => {
      const random = randomFrom(run);
      const length = Math.floor(random() * discs.sealed.length);
      await discs.damage("overwritten", [[length, discs.sealed.length]], discs.blocks(4, random));
      await truncate(discs.containerOf(0), length);
      return await discs.open();
    });
  });

  test("of which one has the container of another package", async () => {
    const discs = await DamagedDiscs.make();
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], { files, seal: otherSeal });
    for (const amount of [0, 1]) {
      const name = `another package's container in one copy, ${amount} blocks overwritten in the other`;
      await damageCampaign(name, runs, async (run) => {
        await discs.damage("overwritten", [], discs.blocks(amount, randomFrom(run)));
        await discs.replace(names.container, join(other, `${otherSeal}.evseal`));
        return await discs.open(amount === 0);
      });
    }
  });

  test("on several discs, of which one has parts of another package, and no part is whole in both", async () => {
    const sizes = Array.from({ length: 4 }, () => [whole ? 2_000_001 : 400_001]);
    const discs = await DamagedDiscs.make();
    const other = await forgePackage(await temporaryFolder(), sender, [receiver], {
      files,
      seal: otherSeal,
      discs: sizes,
    });
    await damageCampaign("parts of another package in both copies, one each", runs, async (run) => {
      const copies = await copiesOf({ files, discs: sizes });
      for (const [index, copy] of copies.entries()) {
        const disc = 1 + ((run + index) % sizes.length);
        const from = join(other, `disc-00${disc}`, partName(otherSeal, disc));
        await cp(from, join(copy, `disc-00${disc}`, partName(seal, disc)));
      }
      // Neighbouring discs meet in one chunk, which each copy has with one half from elsewhere: it is put together too.
      return await discs.open(true, copies);
    });
  });

  test("of which one has lost any of its small files, or has it damaged", async () => {
    const discs = await DamagedDiscs.make();
    const asideDir = await temporaryFolder();
    const small = [names.label, names.labelSignature, names.manifest, howToName];
    const cases = small.flatMap((name) =>
      [0, 1].flatMap((copy) => ["damaged", "lost"].map((how) => [name, copy, how] as const)),
    );
    await damageCampaign("each small file damaged or lost in one copy", cases, async ([name, copy, how], index) => {
      const path = join(discs.copies[copy] ?? "", name);
      const aside = join(asideDir, `${index}-${name}`);
      await cp(path, aside);
      if (how === "lost") await rm(path);
      else await damage(path, 3, 100);
      try {
        return await discs.open(true);
      } finally {
        await cp(aside, path);
        await rm(aside);
      }
    });
  });
});
