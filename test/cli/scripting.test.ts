/** Every example of docs/scripting.md, taken from the document and run as it stands. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Language, Parser } from "@vscode/tree-sitter-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completionScripts } from "../../src/cli/completion-scripts.js";
import { environment, executable, run } from "./run.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

const page = readFileSync(new URL("../../docs/scripting.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));
const scripts = new Map(blocks.map(({ text }) => [/^# ([\w-]+)/m.exec(text)?.[1] ?? "", text]));

const has = (name: string): boolean =>
  (process.env["PATH"] ?? "").split(":").some((each) => existsSync(path.join(each, name)));
const passphrase = "five words are quite enough";

let made: SealedPackage;
let place: string;
beforeAll(async () => {
  made = await makeSealedPackage();
  place = path.join(made.folder, "scripts");
  for (const name of ["bin", "cases", "tray", "store"]) mkdirSync(path.join(place, name), { recursive: true });
  symlinkSync(executable, path.join(place, "bin", "evseal"));
  for (const [name, text] of scripts) writeFileSync(path.join(place, name), text);
  for (const name of scripts.keys()) chmodSync(path.join(place, name), 0o700);
  writeFileSync(path.join(place, "passphrase.txt"), passphrase);
});
afterAll(() => rmSync(made.folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function script(words: readonly string[], { home }: { home: string }, input = ""): Ran {
  const env = { PATH: `${path.join(place, "bin")}:${process.env["PATH"] ?? ""}` };
  const [name = "", ...rest] = words;
  return spawnSync(path.join(place, name), rest, {
    cwd: place,
    env: environment({ home, env }),
    input,
    encoding: "utf8",
  });
}

const lines = (file: string): string[] => readFileSync(path.join(place, file), "utf8").split("\n").filter(Boolean);

test("each example has a name, and there are no others", () => {
  expect(blocks.map(({ language }) => language)).toEqual(["bash", "bash", "bash", "bash", "powershell"]);
  expect([...scripts.keys()]).toEqual(["percentage", "night-batch", "burn", "receiving-desk", "seal-case"]);
});

// In this order: what one seals, the next burns and the one after it opens.
describe.skipIf(!has("jq") || !has("bash"))("the examples, from a night batch to the receiving desk", () => {
  test("night-batch seals each case once, says which failed, and tries those again", () => {
    for (const name of ["2026-114", "2026-115"]) {
      cpSync(path.join(made.folder, "interview"), path.join(place, "cases", name, "media"), { recursive: true });
      writeFileSync(path.join(place, "cases", name, "record.json"), JSON.stringify({ case: name }));
    }
    writeFileSync(path.join(place, "cases", "2026-115", "record.json"), "{");
    const words = ["night-batch", "cases", "tray", "SCAS", "ledger.tsv", "passphrase.txt"];
    const night = script(words, made.a);
    expect(night).toMatchObject({ status: 7, stdout: "" });
    expect(night.stderr).toMatch(/^2026-115: the record file is not what evseal expects; write JSON [^\n]+\n$/);
    expect(lines("ledger.tsv").map((line) => line.split("\t")[1])).toEqual(["2026-114"]);

    writeFileSync(path.join(place, "cases", "2026-115", "record.json"), "{}");
    expect(script(words, made.a)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    const sealed = lines("ledger.tsv").map((line) => line.split("\t"));
    expect(sealed.map(([, name]) => name)).toEqual(["2026-114", "2026-115"]);
    expect(readdirSync(path.join(place, "tray"))).toEqual(sealed.map(([, , seal]) => seal).sort());
    for (const [time] of sealed) expect(time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(script(words, made.a).status).toBe(0);
    expect(lines("ledger.tsv")).toHaveLength(2);
  });

  test("night-batch stops at what the next case would fail with too", () => {
    const nobody = script(["night-batch", "cases", "tray", "nobody", "other.tsv", "passphrase.txt"], made.a);
    expect(nobody).toMatchObject({ status: 5, stdout: "" });
    expect(nobody.stderr).toMatch(/^stopped: there is no such contact; [^\n]+\n$/);
  });

  test("percentage says how far the sealing is", () => {
    mkdirSync(path.join(place, "another tray"));
    const words = ["percentage", path.join(made.folder, "interview"), "SCAS", "another tray", "passphrase.txt"];
    const followed = script(words, made.a);
    expect(followed).toMatchObject({ status: 0, stderr: "" });
    expect(followed.stdout).toMatch(/^sealing: 0 %\n(sealing: \d+ %\n)*sealing: 100 %\nreading back: 0 %\n/);
    expect(readdirSync(path.join(place, "another tray"))).toHaveLength(1);
  });

  test.skipIf(!has("xorriso"))("burn burns what was checked, a file standing for the drive, and nothing else", () => {
    expect(script(["burn", "tray", "SCAS", "disc.iso", "drive"], made.a)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/\nEV-.{14} is on the disc; write that number on it\n$/) as unknown,
    });
    expect(existsSync(path.join(place, "disc.iso"))).toBe(false);

    rmSync(path.join(place, "drive"));
    writeFileSync(path.join(place, "tray", "note.txt"), "clear");
    const refused = script(["burn", "tray", "SCAS", "disc.iso", "drive"], made.a);
    expect(refused).toMatchObject({ status: 3, stdout: "" });
    expect(refused.stderr).toContain("CLEAR_FOUND");
    expect(readdirSync(place)).not.toEqual(expect.arrayContaining(["disc.iso"]));
    expect(existsSync(path.join(place, "drive"))).toBe(false);
    rmSync(path.join(place, "tray", "note.txt"));
  });

  test("receiving-desk takes in each package once, and none that does not verify", async () => {
    const home = path.join(made.folder, "c");
    const keys = ["keygen", "--unit", "CPS", "--classic", "--passphrase-file", path.join(place, "passphrase.txt")];
    await run(
      [...keys, "--identity", path.join(made.b.home, "receiving.age")].filter((word) => word !== "--classic"),
      {
        home,
      },
    );
    const trust = ["contacts", "add", `${made.a.home}.card.json`, "--fingerprint", made.a.fingerprint];
    expect(await run(trust, { home })).toMatchObject({ code: 0 });

    const bad = path.join(place, "bad disc");
    cpSync(path.join(made.folder, "out"), bad, { recursive: true });
    const [seal = ""] = readdirSync(bad);
    writeFileSync(path.join(bad, seal, `${seal}.label.json`), "{}");
    const answers = [passphrase, bad, "tray", "tray", ""].map((line) => `${line}\n`).join("");
    const desk = script(["receiving-desk", "store", "received.tsv"], { home }, answers);
    expect(desk.status).toBe(0);
    const said = desk.stdout.trim().split("\n");
    expect(said[0]).toMatch(/^NOT taken in: .+; .+/);
    expect(said.slice(1, 3).every((line) => /^EV-.{14} is opened$/.test(line))).toBe(true);
    expect(said.slice(3).every((line) => /^EV-.{14} was taken in before$/.test(line))).toBe(true);
    expect(said).toHaveLength(5);
    expect(lines("received.tsv").map((line) => line.split("\t").slice(1))).toEqual(
      Array.from({ length: 2 }, () => [made.a.unit, "1"]),
    );
    expect(readdirSync(path.join(place, "store"))).toHaveLength(2);
  });
});

describe("what is for PowerShell", () => {
  const wasm = fileURLToPath(new URL("../../node_modules/@vscode/tree-sitter-wasm/wasm/", import.meta.url));
  let parser: Parser;
  beforeAll(async () => {
    await Parser.init({ locateFile: (name: string) => path.join(wasm, name) });
    parser = new Parser();
    parser.setLanguage(await Language.load(path.join(wasm, "tree-sitter-powershell.wasm")));
  });

  const isSound = (text: string): boolean => parser.parse(text)?.rootNode.hasError === false;

  test("parses: the example, and the script for TAB", () => {
    for (const text of [scripts.get("seal-case") ?? "", completionScripts["powershell"] ?? ""]) {
      expect(isSound(text)).toBe(true);
      expect(isSound(text.replace("}", ""))).toBe(false);
    }
  });

  test.skipIf(!has("pwsh"))("runs [where there is a PowerShell]", () => {
    mkdirSync(path.join(place, "ps tray"));
    const words = ["-Case", "cases/2026-114", "-Tray", "ps tray", "-Unit", "SCAS", "-PassphraseFile", "passphrase.txt"];
    const env = environment({ ...made.a, env: { PATH: `${path.join(place, "bin")}:${process.env["PATH"] ?? ""}` } });
    const said = execFileSync("pwsh", ["-File", "seal-case.ps1", ...words], { cwd: place, env, encoding: "utf8" });
    expect(said).toMatch(/^EV-.{14} may be burned; the digest of the tray is [0-9a-f]{64}\n$/);
  });
});
