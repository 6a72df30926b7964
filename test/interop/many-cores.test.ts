/** More cores than this machine may have: several threads seal, and several open, the same stream. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patchedProgram } from "../cli/patched-program.js";
import { run } from "../cli/run.js";
import { makeSealedPackage, type SealedPackage } from "../cli/sealed-package.js";
import { pattern } from "../age/pieces.js";
import { describeWith, must } from "./programs.js";

const sizesBytes = [17_000_000, 40_000_003];

describeWith(["age", "bsdtar"], "a machine of many cores", () => {
  let folder: string;
  let units: SealedPackage;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "evseal-cores-"));
    units = await makeSealedPackage();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(units.folder, { recursive: true });
  });

  test.each([2, 3, 4, 8])("seals and opens on %i as on one, under the one key", { timeout: 300_000 }, async (cores) => {
    const place = path.join(folder, `on ${cores}`);
    for (const name of ["source", "out", "opened", "age"]) mkdirSync(path.join(place, name), { recursive: true });
    const program = patchedProgram(place, "dist/cli/main.js", "cores: availableParallelism()", `cores: ${cores}`);
    for (const sizeBytes of sizesBytes) writeFileSync(path.join(place, "source", `${sizeBytes}`), pattern(sizeBytes));
    const at = (unit: "a" | "b"): Parameters<typeof run>[1] => ({ home: units[unit].home, cwd: place, program });

    expect(await run(["pack", "source", "--to", "scas", "--out", "out"], at("a"))).toMatchObject({ code: 0 });
    const [seal = ""] = readdirSync(path.join(place, "out"));
    const container = path.join(place, "out", seal, `${seal}.evseal`);
    const identity = path.join(units.b.home, "receiving.age");
    await must("sh", ["-c", `age -d -i "$1" "$2" | bsdtar -x -f - -C "$3"`, "sh", identity, container, `${place}/age`]);
    expect(await run(["open", `out/${seal}`, "--out", "opened"], at("b"))).toMatchObject({ code: 0 });

    for (const sizeBytes of sizesBytes) {
      const expected = Buffer.from(pattern(sizeBytes));
      for (const made of [`age/${seal}`, `opened/${seal}.opened`]) {
        const found = readFileSync(path.join(place, made, "media", "source", `${sizeBytes}`));
        expect(found.equals(expected), `${made}, ${sizeBytes} bytes`).toBe(true);
      }
    }
  });
});
