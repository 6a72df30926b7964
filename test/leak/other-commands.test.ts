/** The commands that make and read no package: every byte that leaves them is searched for all that was put in. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { makeScene, type Scene } from "./scene.js";
import { Search } from "./search.js";

describeWith(
  ["strace", "age-keygen", "minisign", "python3"],
  "nothing in the clear, and no secret, is written by",
  () => {
    let scene: Scene;
    let search: Search;
    beforeAll(async () => {
      scene = await makeScene();
      search = new Search(scene);
      await search.makeUnits();
    });
    afterAll(() => {
      search.recordAll(" by other commands");
      scene.end();
    });

    test("clean, which counts what it removes and does not name it", async () => {
      const [folder = "", file = ""] = scene.names;
      const left = search.at("opened", ".EV-0000-0000-0000.opened.partial", "media", folder);
      mkdirSync(left, { recursive: true });
      writeFileSync(path.join(left, file), scene.record.reason);
      for (const more of [["--yes"], ["--yes", "--json"]]) {
        const ran = await search.run("receiver", ["clean", search.at("opened"), ...more]);
        expect(ran.code).toBe(0);
        search.expectNone(ran);
      }
      expect(readdirSync(search.at("opened"))).toEqual([]);
    });

    const lines = [
      ["card"],
      ["contacts", "list"],
      ["contacts", "show", "sender"],
      ["contacts", "remove", "sender"],
      ["doctor"],
      ["completion", "zsh"],
      ["help", "open"],
      ["--version"],
      ["burn"],
    ];
    test.each(lines.map((words) => [words.join(" "), words] as const))("%s", async (_line, words) => {
      const ran = await search.run("receiver", words);
      expect(ran.stdout + ran.stderr).not.toBe("");
      search.expectNone(ran);
    });
  },
);
