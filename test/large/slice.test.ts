/** A slice of what `npm run test:large` does in full: enough to notice on every run that memory grows with the media. */
import path from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, exchange, sharedFolder } from "../interop/exchange.js";
import { writeHardNames } from "../interop/hard-names.js";
import { describeWith } from "../interop/programs.js";
import { expectWholeJourney } from "./expect-journey.js";
import { travel } from "./journey.js";
import { writeSmallFiles, writeSparseFile } from "./sources.js";

describeWith(
  ["age", "tar", "bsdtar", "python3", "7zz"],
  "2,000 files, names at every limit, and one file of 256 MiB",
  () => {
    const place = sharedFolder();

    test("come out as they went in, in memory for none of them", async () => {
      const sources = emptyFolder(place, "media");
      writeSmallFiles(sources, 2000);
      writeHardNames(emptyFolder(sources, "names"), "media/names");
      writeSparseFile(path.join(sources, "disc.iso"), 256 * 2 ** 20);

      const journey = await travel(await exchange(place, "--classic"), sources);

      expectWholeJourney(journey);
      expect(journey.rows.filter(({ peakMiB }) => peakMiB > 250)).toEqual([]);
      expect(journey.rows.every(({ peakMiB }) => peakMiB > 20)).toBe(true); // the measure itself works
    }, 300_000);
  },
);
