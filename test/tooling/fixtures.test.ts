import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeWith, exec } from "../interop/programs.js";

const root = fileURLToPath(new URL("../../fixtures/", import.meta.url));

test("fixtures/README.md lists every file with its size and SHA-256", async () => {
  const rows = [
    ...readFileSync(`${root}README.md`, "utf8").matchAll(/^\| `(.+?)` .*\| +(\d+) \| `([0-9a-f]{64})` \|$/gm),
  ];
  const listed = rows.map(([, name, bytes, sha256]) => ({ name, bytes: Number(bytes), sha256 }));

  const entries = await readdir(`${root}interview`, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const content = readFileSync(file);
      const sha256 = createHash("sha256").update(content).digest("hex");
      return { name: path.relative(`${root}interview`, file), bytes: content.length, sha256 };
    });

  const byName = (a: { name: string | undefined }, b: { name: string | undefined }) =>
    (a.name ?? "") < (b.name ?? "") ? -1 : 1;
  expect(found.length).toBeGreaterThan(0);
  expect(listed.sort(byName)).toEqual(found.sort(byName));
});

describeWith(["ffmpeg"], "the media", () => {
  test.each(["camera 1.mp4", "audio/microphone.wav", "VIDEO_TS/VTS_01_1.VOB"])("%s plays to its end", async (name) => {
    const play = ["-v", "error", "-xerror", "-i", `${root}interview/${name}`, "-f", "null", "-"];

    expect(await exec("ffmpeg", play)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
