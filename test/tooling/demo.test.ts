import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sharedFolder } from "../interop/exchange.js";
import { exec } from "../interop/programs.js";

const place = sharedFolder();

test("npm run demo ends well without a terminal, without a home, and leaves its result where it says", async () => {
  const demo = fileURLToPath(new URL("demo.js", import.meta.url));

  const { code, stdout } = await exec(process.execPath, [demo], { env: { TMPDIR: place, HOME: "/nonexistent" } });

  expect(code).toBe(0);
  expect(stdout).toContain("All 9 files are the same.");
  const [opened = ""] = /(?<=^what was opened +)\S+$/m.exec(stdout) ?? [];
  expect(opened.startsWith(place)).toBe(true);
  expect(readdirSync(opened)).toEqual(["interview"]);
  expect(stdout.match(/^\$ .*evseal /gm)?.length).toBeGreaterThan(10);
});
