/**
 * Every byte that leaves the process, whatever it is written to, is searched for everything that was put in. In order:
 * each step works with what the steps before have made.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { whole } from "../faults/campaign.js";
import { makeScene, type Scene } from "./scene.js";
import { Search, type Allowed, type Around, type Unit } from "./search.js";

describeWith(["strace", "age-keygen", "minisign", "python3"], "nothing in the clear, and no secret, is written", () => {
  let scene: Scene;
  let search: Search;
  beforeAll(async () => {
    scene = await makeScene();
    search = new Search(scene);
    await search.makeUnits();
  });
  afterAll(() => {
    search.recordAll();
    scene.end();
  });
  const at = (...parts: string[]): string => search.at(...parts);

  const packing = (...more: string[]): string[] => {
    const { case: reference, exhibits, officer, reason } = scene.record;
    const record = ["--case", reference, ...exhibits.flatMap((exhibit) => ["--exhibit", exhibit])];
    const options = [...record, "--officer", officer, "--reason", reason, "--out", at("out"), ...more];
    return ["pack", scene.source, "--to", "receiver", ...options];
  };
  const withFile = (unit: Unit): string[] => ["--passphrase-file", search.passphraseFile(unit)];
  const packageFolder = (): string => at("out", readdirSync(at("out"))[0] ?? "");

  describe("by pack", () => {
    afterEach(() => {
      for (const name of readdirSync(at("out")).slice(1)) rmSync(at("out", name), { recursive: true });
    });

    test.each([["--json"], ["--quiet"], []])(
      "when it succeeds, told everything on the command line %s",
      async (...more) => {
        const ran = await search.run("sender", packing(...more, ...withFile("sender")));

        expect(ran.code).toBe(0);
        search.expectNone(ran);
      },
    );

    test("told everything in a file, with the passphrase on a descriptor", async () => {
      const { source, record, passphrases } = scene;
      writeFileSync(at("record.json"), JSON.stringify(record));
      const words = ["pack", source, "--to", "receiver", "--out", at("out"), "--record", at("record.json")];
      const ran = await search.run("sender", [...words, "--passphrase-fd", "3"], { fds: { 3: passphrases.sender } });

      expect(ran.code).toBe(0);
      search.expectNone(ran);
    });

    test("on a terminal but for one thing: which originals still exist, as they were typed, on the terminal only", async () => {
      const talk = [{ until: "passphrase", type: `${scene.passphrases.sender}\r` }];
      const ran = await search.run("sender", packing(), { talk });
      const theSource = `evseal:   ${scene.source}\n`;

      expect(ran.code).toBe(0);
      expect(ran.stderr.replaceAll("\r\n", "\n")).toContain(theSource);
      const allowed: Allowed = (to, text) =>
        to.startsWith("/dev/pts/") ? Buffer.from(text.toString("latin1").replace(theSource, ""), "latin1") : text;
      search.expectNone(ran, scene.everything, allowed);
      expect(search.leaks(ran, scene.everything)).toEqual([expect.stringMatching(/^name 0 \(raw\) in \/dev\/pts\//)]);
    });

    const failing: Readonly<Record<string, { code: number; words: () => string[]; around?: () => Around }>> = {
      "a wrong passphrase": {
        code: 5,
        words: () => packing("--passphrase-fd", "3"),
        around: () => ({ fds: { 3: scene.passphrases.wrong } }),
      },
      "no passphrase": { code: 5, words: () => packing() },
      "a passphrase of two lines": {
        code: 5,
        words: () => packing("--passphrase-fd", "3"),
        around: () => ({ fds: { 3: `${scene.passphrases.sender}\n${scene.passphrases.wrong}\n` } }),
      },
      "a source that is not there": { code: 7, words: () => replaced(scene.source, at(scene.names[0] ?? "", "no")) },
      "a link among the sources": { code: 7, words: () => replaced(scene.source, at("linked", scene.names[0] ?? "")) },
      "a name that is not portable": {
        code: 7,
        words: () => replaced(scene.source, at("hostile", scene.names[0] ?? "")),
      },
      "an output inside the source": { code: 3, words: () => replaced(at("out"), scene.source) },
      "an output that holds evidence": { code: 3, words: () => replaced(at("out"), at("hostile")) },
      "a recipient nobody knows": { code: 5, words: () => replaced("receiver", scene.record.officer) },
      "a case reference of two lines": { code: 2, words: () => replaced(scene.record.case, `${scene.record.case}\nx`) },
      "an option that there is not": { code: 2, words: () => packing(`--${scene.record.case}=${scene.record.reason}`) },
      "a record file that is none": { code: 7, words: () => packing("--record", at("record.txt")) },
      "a disk that is full": {
        code: 8,
        words: () => unlocked(),
        around: () => ({ inject: "fsync:error=ENOSPC:when=1" }),
      },
    };
    const unlocked = (): string[] => packing(...withFile("sender"));
    const replaced = (word: string, by: string): string[] => unlocked().map((each) => (each === word ? by : each));

    function prepare(): void {
      const [folder = "", file = ""] = scene.names;
      for (const name of ["linked", "hostile"]) mkdirSync(at(name, folder), { recursive: true });
      const link = at("linked", folder, file);
      rmSync(link, { force: true });
      symlinkSync(at("nowhere", file), link);
      writeFileSync(at("hostile", folder, `a:b${file}\u001b[31m`), file);
      writeFileSync(at("record.txt"), `${scene.record.case} ${scene.record.officer}`);
    }

    test.each(Object.entries(failing))("when it fails for %s", async (_why, { code, words, around }) => {
      prepare();
      for (const manner of whole ? [[], ["--json"], ["--quiet"]] : [[]]) {
        const ran = await search.run("sender", [...words(), ...manner], around?.());

        expect(ran).toMatchObject({ code });
        search.expectNone(ran);
      }
    });

    test("when it fails on a terminal but for one thing: the file that it failed for, on the terminal only", async () => {
      prepare();
      const talk = [{ until: "passphrase", type: `${scene.passphrases.sender}\r` }];
      const words = packing().map((word) => (word === scene.source ? at("hostile", scene.names[0] ?? "") : word));
      const ran = await search.run("sender", words, { talk });
      const allowed: Allowed = (to, text) =>
        to.startsWith("/dev/pts/")
          ? Buffer.from(text.toString("latin1").replace(/^evseal: namely .*$/m, ""), "latin1")
          : text;

      expect(ran.code).toBe(7);
      search.expectNone(ran, scene.everything, allowed);
    });
  });

  describe("by check", () => {
    test("of packages", async () => {
      const ran = await search.run("sender", ["check", at("out")]);
      expect(ran.code).toBe(0);
      search.expectNone(ran);
    });

    test("of evidence in the clear, off a terminal; --json may name the paths", async () => {
      const [folder = "", file = ""] = scene.names;
      mkdirSync(at("tray", folder), { recursive: true });
      copyFileSync(at(folder, `${file}.mp4`), at("tray", `${file}.mp4`));
      const plain = await search.run("sender", ["check", at("tray")]);
      expect(plain.code).toBe(3);
      search.expectNone(plain);
      const json = await search.run("sender", ["check", at("tray"), "--json"]);
      expect(json.code).toBe(3);
      expect(search.leaks(json, scene.content)).toEqual([]);
    });
  });

  describe("by verify and inspect", () => {
    test.each([["verify"], ["verify", "--json"], ["inspect"], ["inspect", "--json"]])(
      "%s %s",
      async (command, ...more) => {
        const ran = await search.run("receiver", [command, packageFolder(), ...more]);
        expect(ran.code).toBe(0);
        search.expectNone(ran);
      },
    );

    test("of a package that is damaged", async () => {
      const seal = path.basename(packageFolder());
      mkdirSync(at("damaged", seal), { recursive: true });
      for (const name of readdirSync(packageFolder()))
        copyFileSync(path.join(packageFolder(), name), at("damaged", seal, name));
      truncateSync(at("damaged", seal, `${seal}.evseal`), 70_000);
      for (const command of ["verify", "check"]) {
        const ran = await search.run("receiver", [command, at("damaged", seal)]);
        expect(ran.code).toBe(command === "verify" ? 6 : 3);
        search.expectNone(ran);
      }
    });
  });

  test("by list, which names files and record to whoever has the key: no content and no secret", async () => {
    for (const more of [[], ["--json"]]) {
      const ran = await search.run("receiver", ["list", packageFolder(), ...withFile("receiver"), ...more]);
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain(scene.names[1]);
      expect([...search.leaks(ran, scene.content), ...search.leaks(ran, scene.secrets)]).toEqual([]);
    }
  });

  describe("by open", () => {
    const outsideOfOut: Allowed = (to, text) =>
      to.startsWith(at("opened")) || to === "a name" ? Buffer.alloc(0) : text;

    test("outside of the folder that it opens into; no secret anywhere", async () => {
      const ran = await search.run("receiver", [
        "open",
        packageFolder(),
        "--out",
        at("opened"),
        ...withFile("receiver"),
      ]);

      expect(ran.code).toBe(0);
      search.expectNone(ran, scene.everything, outsideOfOut);
      expect(search.leaks(ran, scene.secrets)).toEqual([]);
      // The trace sees what it must: in that folder it does find the evidence.
      expect(search.leaks(ran, scene.content)).toHaveLength(2);
    });

    test("outside of that folder by salvage, which names the files to whoever has the key", async () => {
      rmSync(at("opened"), { recursive: true });
      mkdirSync(at("opened"));
      const words = ["salvage", packageFolder(), "--out", at("opened"), ...withFile("receiver")];
      const ran = await search.run("receiver", words);
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain(scene.names[1]);
      expect(ran.stderr).not.toContain(scene.names[1]);
      expect(search.leaks(ran, scene.content, outsideOfOut)).toEqual([]);
      expect(search.leaks(ran, scene.secrets)).toEqual([]);
      expect(search.leaks(ran, scene.content)).not.toEqual([]);
    });

    test("when it fails: nothing of the evidence is left anywhere", async () => {
      rmSync(at("opened"), { recursive: true });
      mkdirSync(at("opened"));
      const damaged = at("damaged", path.basename(packageFolder()));
      for (const [words, around] of [
        [["open", damaged, "--out", at("opened"), ...withFile("receiver")], {}],
        [
          ["open", packageFolder(), "--out", at("opened"), ...withFile("receiver")],
          { inject: "fsync:error=EIO:when=1" },
        ],
        [
          ["open", packageFolder(), "--out", at("opened"), "--passphrase-fd", "3"],
          { fds: { 3: scene.passphrases.wrong } },
        ],
      ] as const) {
        const ran = await search.run("receiver", words, around);
        expect(ran.code).toBeGreaterThan(4);
        search.expectNone(ran, scene.everything, outsideOfOut);
        expect(readdirSync(at("opened"))).toEqual([]);
      }
    });
  });
});
