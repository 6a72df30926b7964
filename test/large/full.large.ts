/** `npm run test:large`: the sizes that limits are about. Takes many minutes and 40 GB of disk below TMPDIR. */
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { emptyFolder, exchange, sharedFolder } from "../interop/exchange.js";
import { writeHardNames } from "../interop/hard-names.js";
import { describeWith } from "../interop/programs.js";
import { expectWholeJourney } from "./expect-journey.js";
import { needRoom, travel, type Row } from "./journey.js";
import { writeSmallFiles, writeSparseFile } from "./sources.js";

/** As much as the whole process may hold: node itself takes half of it. */
const flatMiB = 250;
const nineGiB = 9 * 2 ** 30;

describeWith(["age", "tar", "bsdtar", "python3", "7zz"], "sizes", () => {
  const place = sharedFolder();
  const table: (Row & { what: string })[] = [];
  afterAll(() => console.table(table, ["what", "step", "seconds", "peakMiB"]));

  async function journeyOf(what: string, write: (folder: string) => void): Promise<void> {
    const units = await exchange(emptyFolder(place, what), "--classic");
    const sources = emptyFolder(units.place, "media");
    write(sources);
    const journey = await travel(units, sources);
    table.push(...journey.rows.map((row) => ({ what, ...row })));
    expectWholeJourney(journey);
    expect(journey.rows.filter(({ peakMiB }) => peakMiB > flatMiB)).toEqual([]);
  }

  test("one file of 9 GiB, larger than a tar header's size field", async () => {
    needRoom(place, 4 * nineGiB);
    await journeyOf("one file of 9 GiB", (folder) => writeSparseFile(path.join(folder, "disc.iso"), nineGiB));
  });

  test("20,000 small files", async () => {
    await journeyOf("20,000 small files", (folder) => writeSmallFiles(folder, 20_000));
  });

  test("names at every length limit", async () => {
    await journeyOf("names at every length limit", (folder) => writeHardNames(folder));
  });

  test("next to nothing, to compare with", async () => {
    await journeyOf("one file of 9 bytes", (folder) => writeSparseFile(path.join(folder, "note.txt"), 9));
  });
});
