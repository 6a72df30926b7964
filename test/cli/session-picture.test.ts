/** The picture in the README is a session that took place; `npm run published` takes it anew. */
import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clearTheStage, empty, force, place, setTheStage } from "./golden-scenes.js";
import { runOnTerminal } from "./on-terminal.js";
import { pictureOf, type Shown } from "./session-picture.js";

beforeAll(setTheStage);
afterAll(clearTheStage);

async function type(command: string): Promise<Shown> {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").slice(1);
  const options = { home: force.home, cwd: place, stdout: "terminal", columns: 88 } as const;
  const { screen } = await runOnTerminal(words, options);
  const settled = screen
    .replace(/EV(-[0-9A-Z]{4}){3}/g, "EV-7K3M-Q9TX-2B4D")
    .replace(/\b[0-9a-f]{4}(-[0-9a-f]{4}){7}\b/g, "c1f0-29b4-7e65-0a8d-93f2-5b1e-4d70-86ac");
  return { command, output: settled };
}

test("docs/session.svg is current", async () => {
  const burn = empty("to-burn");
  const packed = await type("evseal pack interview --to SCAS --out to-burn --case 2026/114");
  copyFileSync(path.join(place, "interview", "camera 1.mp4"), path.join(burn, "camera 1.mp4"));
  const found = await type("evseal check to-burn --expect SCAS");
  rmSync(path.join(burn, "camera 1.mp4"));
  const good = await type("evseal check to-burn --expect SCAS");
  const shown = [
    packed,
    { command: "cp 'interview/camera 1.mp4' to-burn/", output: "" },
    found,
    { command: "rm 'to-burn/camera 1.mp4'", output: "" },
    good,
  ];
  const picture = fileURLToPath(new URL("../../docs/session.svg", import.meta.url));
  await expect(await pictureOf(shown)).toMatchFileSnapshot(picture);
});
