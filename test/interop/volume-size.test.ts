/** What pack cuts for discs fits on discs as other people's programs make them, and opens without evseal. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { partName } from "../../src/package/names.js";
import { parseVolumeSize, planVolumes, presetNames } from "../../src/package/volumes.js";
import { contentsOf, emptyFolder, evseal, exchange, sharedFolder, type Exchange } from "./exchange.js";
import { describeWith, must } from "./programs.js";

const place = sharedFolder();
const mib = 1024 * 1024;
const seal = "EV-7K3Q-9M2X-TB4H";

/** By how each is asked for the size of an image, in sectors, without making it. */
const makers: Readonly<Record<string, readonly string[]>> = {
  "xorriso, as docs/DISCS.md says": ["xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-V", seal, "-print-size"],
  genisoimage: ["genisoimage", "-quiet", "-r", "-J", "-V", seal, "-print-size"],
  "genisoimage with UDF": ["genisoimage", "-quiet", "-udf", "-r", "-J", "-V", seal, "-print-size"],
};

describeWith(["xorriso", "genisoimage"], "an image of what is planned for a disc", () => {
  const limited = presetNames.filter((name) => parseVolumeSize(name).capacityBytes < Infinity);
  const sizes = [...limited, "700MB", "25025314816", "100GB"];

  test.each(sizes.flatMap((size) => Object.entries(makers).map(([title, words]) => [size, title, words] as const)))(
    "fits on a disc of %s, made by %s",
    async (size, _, [program = "", ...words]) => {
      const volume = parseVolumeSize(size);
      const smallFiles = [3 * mib + 1, 150_001, 330, 4000];
      const discs = planVolumes(2.5 * volume.capacityBytes, smallFiles, volume);
      let part = 0;
      for (const [index, parts] of discs.entries()) {
        const folder = emptyFolder(place, "disc");
        for (const bytes of parts) sparse(path.join(folder, partName(seal, ++part)), bytes);
        for (const [number, bytes] of smallFiles.entries()) sparse(path.join(folder, `small.${number}`), bytes);
        const sectors = Number((await must(program, [...words, folder])).stdout.trim().split("\n").at(-1));
        rmSync(folder, { recursive: true });
        expect(sectors).toBeGreaterThan(0);
        expect(sectors * 2048).toBeLessThanOrEqual(volume.capacityBytes);
        // Not more than a thousandth of a DVD is given away.
        if (index < discs.length - 1) expect(volume.capacityBytes - sectors * 2048).toBeLessThan(4 * mib);
      }
      expect(discs).toHaveLength(3);
    },
  );
});

function sparse(file: string, sizeBytes: number): void {
  writeFileSync(file, "");
  truncateSync(file, sizeBytes);
}

describeWith(["bash", "age", "tar", "sha256sum", "xorriso"], "a package on several discs", () => {
  let units: Exchange;
  let folder: string;
  let source: string;
  let number: string;

  // Large enough that several threads make it.
  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "units"), "--classic");
    source = emptyFolder(place, "interview");
    writeFileSync(path.join(source, "a.mp4"), randomBytes(21 * mib + 7));
    const out = emptyFolder(place, "out");
    const words = ["pack", source, "--to", units.receiver.unit, "--out", out, "--volume-size", "10MiB"];
    number = String((await evseal(units.sender.home, ...words))["seal"]);
    folder = path.join(out, number);
  });

  test("is put together by cat, under the hash of its manifest, and opened by age and tar", async () => {
    const out = emptyFolder(place, "opened");
    const joined = path.join(place, "joined");
    const commands = [
      "set -eo pipefail",
      `cat disc-*/${number}.evseal.0* > "$JOINED"`,
      'sha256sum < "$JOINED"',
      'age -d -i "$KEY" "$JOINED" | tar -x -f - -C "$OUT"',
    ].join("\n");
    const env = { JOINED: joined, KEY: path.join(units.receiver.home, "receiving.age"), OUT: out };
    const { stdout } = await must("bash", ["-c", commands], { cwd: folder, env });

    expect(readdirSync(folder).length).toBeGreaterThan(3);
    const listed = await evseal(units.receiver.home, "list", path.join(folder, "disc-002"));
    expect(listed).toMatchObject({ container: { sha256: stdout.slice(0, 64), size: statSync(joined).size } });
    expect(await contentsOf(path.join(out, number, "media/interview"))).toEqual(await contentsOf(source));
  });

  test("is opened from discs that were burned of its folders", async () => {
    const discs: string[] = [];
    for (const disc of readdirSync(folder)) {
      const image = path.join(place, `${disc}.iso`);
      await must("xorriso", [
        "-as",
        "mkisofs",
        "-quiet",
        "-r",
        "-J",
        "-V",
        number,
        "-o",
        image,
        path.join(folder, disc),
      ]);
      expect(statSync(image).size).toBeLessThanOrEqual(10 * mib);
      const back = path.join(place, "back", disc);
      mkdirSync(back, { recursive: true });
      await must("xorriso", ["-osirrox", "on", "-indev", image, "-extract", "/", back]);
      discs.unshift(back);
    }
    const out = emptyFolder(place, "opened from discs");
    await evseal(units.receiver.home, "verify", ...discs);
    await evseal(units.receiver.home, "open", ...discs, "--out", out);
    expect(await contentsOf(path.join(out, `${number}.opened`, "media/interview"))).toEqual(await contentsOf(source));
  });
});
