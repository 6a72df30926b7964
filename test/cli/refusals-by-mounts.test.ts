/** The refusal matrix of pack where the same folder has two names that only a file system knows of. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { canMount, caseBlindImage, mounted } from "./mounts.js";
import { makeUnits, refuse, sealed, usual, type Row, type Units } from "./refusal-scene.js";

let units: Units;
beforeAll(async () => {
  units = await makeUnits();
});
afterAll(() => rmSync(units.folder, { recursive: true }));

const bind = canMount((folder) => ["--bind", folder]);
describe.skipIf(!bind)(
  `pack sees through bind mounts${bind ? "" : " [SKIPPED, this machine lets us make none]"}:`,
  () => {
    test.each<[string, Row]>([
      [
        "the output is a folder deep in a source",
        {
          code: "OUTPUT_INSIDE_SOURCE",
          arrange: (scene) => {
            const inner = path.join(scene.interview, "VIDEO_TS", "empty");
            mkdirSync(inner);
            return usual({ ...scene, out: mounted(path.join(scene.folder, "elsewhere"), "--bind", inner) });
          },
        },
      ],
      [
        "the output lies in a folder deep in a source",
        {
          code: "OUTPUT_INSIDE_SOURCE",
          arrange: (scene) => {
            const inner = path.join(scene.interview, "VIDEO_TS", "outer");
            mkdirSync(path.join(inner, "out"), { recursive: true });
            const elsewhere = mounted(path.join(scene.folder, "elsewhere"), "--bind", inner);
            return usual({ ...scene, out: path.join(elsewhere, "out") });
          },
        },
      ],
      [
        "a source is a folder of the output",
        {
          code: "SOURCE_INSIDE_OUTPUT",
          arrange: (scene) => {
            mkdirSync(path.join(scene.out, sealed));
            writeFileSync(path.join(scene.out, sealed, "HOW-TO-OPEN.txt"), "");
            const elsewhere = mounted(path.join(scene.folder, "elsewhere"), "--bind", path.join(scene.out, sealed));
            return usual({ ...scene, interview: elsewhere });
          },
        },
      ],
      [
        "the home is mounted deep in a source",
        {
          code: "HOME_INSIDE_SOURCE",
          arrange: (scene) => {
            mounted(path.join(scene.interview, "VIDEO_TS", "x"), "--bind", scene.home);
            return usual(scene);
          },
        },
      ],
    ])("%s", async (_name, row) => {
      await refuse(units, row);
    });
  },
);

const blind = canMount((folder) => ["-o", "loop", caseBlindImage(folder)]);
test.skipIf(!blind)(
  `pack sees that names in another case are the same${blind ? "" : " [SKIPPED, no such file system can be mounted here]"}`,
  async () => {
    await refuse(units, {
      code: "OUTPUT_INSIDE_SOURCE",
      arrange: (scene) => {
        const disk = mounted(path.join(scene.folder, "disk"), "-o", "loop", caseBlindImage(scene.folder));
        const folder = path.join(disk, "blind");
        mkdirSync(folder);
        execFileSync("chattr", ["+F", folder]);
        cpSync(scene.interview, path.join(folder, "interview"), { recursive: true });
        return usual({
          ...scene,
          interview: path.join(folder, "interview"),
          out: path.join(folder, "INTERVIEW/video_ts"),
        });
      },
    });
  },
);
