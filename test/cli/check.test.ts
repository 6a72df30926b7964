/** The gate as people and scripts use it: screens, exit codes, the digest between two looks. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runOnTerminal } from "./on-terminal.js";
import { errorOf, run, scratchFolder, type OwnCard } from "./run.js";
import { makeSealedPackage } from "./sealed-package.js";

const fixtures = fileURLToPath(new URL("../../fixtures/interview", import.meta.url));

let folder: string;
let a: OwnCard;
let b: OwnCard;
let seal: string;
beforeAll(async () => {
  const made = await makeSealedPackage();
  ({ folder, a, b } = made);
  seal = path.basename(made.packagePath);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Holds `tray`, with the one package in it. */
let scratch: string;
let tray: string;
beforeEach(() => {
  scratch = scratchFolder();
  tray = path.join(scratch, "tray");
  cpSync(path.join(folder, "out"), tray, { recursive: true });
});

const add = (name: string, content: string | Buffer = "") => writeFileSync(path.join(tray, name), content);

/** What a terminal of 80 columns shows, without its colours. */
async function screen(...words: readonly string[]): Promise<string> {
  const shown = await runOnTerminal(["check", "tray", "--no-color", ...words], {
    home: a.home,
    cwd: scratch,
    stdout: "terminal",
  });
  // Before its end a line may have held progress, which is wiped.
  const lines = shown.screen.split("\r\n").map((line) => line.split("\u001b[K").at(-1));
  return lines.join("\n").replaceAll(seal, "EV-0000-0000-0000");
}

describe("the screens of check", () => {
  test("of a tray that may leave", async () => {
    const shown = (await screen()).replace(/([0-9a-f]{4}-){7}[0-9a-f]{4}/, "<digest in eight groups of four>");
    expect(shown).toBe(`EV-0000-0000-0000  from Force A, interviews to SCAS
digest             <digest in eight groups of four>
sealed: nothing here is in the clear
`);
  });

  test("of a tray with five things wrong, each by what it is", async () => {
    cpSync(path.join(fixtures, "VIDEO_TS/VTS_01_1.VOB"), path.join(tray, "a.vob"));
    add("Thumbs.db", Buffer.from("d0cf11e0a1b11ae1", "hex"));
    add("key.txt", "AGE-SECRET-KEY-1");
    mkdirSync(path.join(tray, ".EV-0000-0000-0000.partial"));
    truncateSync(path.join(tray, seal, `${seal}.evseal`), 100);
    const shown = await screen();
    expect(shown).toBe(`tray/.EV-0000-0000-0000.partial
  what an interrupted run of evseal left (LEFTOVER)
    evseal clean removes it, unless an evseal is at work here
tray/Thumbs.db
  a Windows thumbnail cache (CLEAR_FILE)
    take it out, or pack it
tray/a.vob
  a video in the clear (MPEG program stream) (CLEAR_FILE)
    take it out, or pack it
tray/key.txt
  an age private key (PRIVATE_KEY)
    take it out at once: whoever has it opens or signs in your unit's name
tray/EV-0000-0000-0000
  a package with a part that is cut short (CUT_SHORT)
    do not burn it: pack it again, and take this one out
evseal: error CLEAR_FOUND: this must not leave the building: 5 findings
evseal: hint: put each of them right and check again
`);
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("escape a name that would steer the terminal, and keep every name out of a pipe", async () => {
    add("cod.\u202e4pm\n\u001b[2J");
    const shown = await screen();
    expect(shown).toContain("tray/cod.\\u{202e}4pm\\u{a}\\u{1b}[2J\n  an empty file (CLEAR_FILE)\n");
    expect(shown).not.toMatch(/[\u202e\p{Cc}](?<!\n)/u);

    const piped = await run(["check", tray], a);
    expect(piped.code).toBe(3);
    expect(piped.stdout).toMatch(/^EV-.+\n?an empty file \(CLEAR_FILE\)\n {2}take it out, or pack it\n$/s);
    expect(piped.stderr).toMatch(/^evseal: error CLEAR_FOUND: .+\nevseal: hint: .*--json.*\n$/);
    expect(piped.stdout + piped.stderr).not.toContain("cod");
  });

  test("say how many findings there are beyond those they name", async () => {
    for (let i = 0; i < 120; i += 1) add(`stray ${i}`);
    expect(await screen()).toMatch(/\nand 20 more\nevseal: error CLEAR_FOUND: .+: 120 findings\n/);
  });
});

test("names in an archive stay unsaid, though DEBUG is set, which a library would print them for", async () => {
  for (const head of ["PK\u0003\u0004", "\ufeffPK\u0003\u0004"])
    add(`a${head.length}`, `${head}${"\0".repeat(26)}canary.mp4`);
  const { stdout, stderr } = await run(["check", tray], { home: a.home, env: { DEBUG: "*" } });
  expect(stdout).toContain("an archive (ZIP) (CLEAR_FILE)\n");
  expect(stderr).toMatch(/^evseal: error CLEAR_FOUND: .+\nevseal: hint: .+\n$/);
  expect(stdout + stderr).not.toContain("canary");
});

test("a path that is not there is an answer of its own, and it is no", async () => {
  const missing = path.join(scratch, "missing");
  const plain = await run(["check", missing], a);
  expect(plain.code).toBe(3);
  expect(plain.stderr).toContain("evseal: error NOTHING_THERE: there is nothing at this path\n");
  const json = await run(["check", missing, "--json"], a);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, findings: [{ code: "NOTHING_THERE", path: missing }] });
});

describe("--expect", () => {
  test("takes a contact's or the own unit's name or fingerprint", async () => {
    for (const unit of ["scas", b.fingerprint, b.words]) {
      expect((await run(["check", tray, "--expect", unit], a)).code).toBe(0);
    }
    for (const units of [[a.unit], ["SCAS", "--expect", a.fingerprint]]) {
      const { code, stdout } = await run(["check", tray, "--expect", ...units], a);
      expect(code).toBe(3);
      expect(stdout).toContain("a package that is not addressed to Force A, interviews");
      expect(stdout).toContain("(WRONG_ADDRESSEE)");
    }
  });

  test("refuses a unit that nobody here knows, before anything is looked at", async () => {
    const result = await run(["check", tray, "--expect", "Scas 2", "--json"], a);
    expect(errorOf(result)).toMatchObject({ code: "CONTACT_UNKNOWN", exitCode: 5 });
  });
});

describe("the digest", () => {
  const digestOf = async (at = tray): Promise<string> => {
    const { code, stdout } = await run(["check", at, "--json"], a);
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { digest: string }).digest;
  };
  const expecting = (digest: string, at = tray) => run(["check", at, "--expect-digest", digest], a);
  /** Changes a package without making it invalid: one more of the same sender's to the same receiver. */
  const packAnother = async () => {
    const pack = ["pack", "interview", "--to", "scas", "--out", tray];
    expect((await run(pack, { home: a.home, cwd: folder })).code).toBe(0);
  };

  test("is what FORMAT.md's line of shell gives, for a tray and for a package", async () => {
    const format = readFileSync(new URL("../../docs/FORMAT.md", import.meta.url), "utf8");
    const [, line = ""] = /## The digest of a tree\n.+?```sh\n(.+?)```/s.exec(format) ?? [];
    const shell = (cwd: string) => execFileSync("sh", ["-c", line], { cwd, encoding: "utf8" });
    await packAnother();
    for (const at of [tray, path.join(tray, seal)]) expect(shell(at)).toBe(`${await digestOf(at)}  -\n`);
    const before = shell(tray);
    for (const change of [() => mkdirSync(path.join(tray, "a")), () => symlinkSync("a", path.join(tray, "b"))]) {
      change(); // what sha256sum alone would not see
      expect(shell(tray)).not.toBe(before);
    }
  });

  test("lets the same tree pass again, wherever it stands, in each form that was printed", async () => {
    const digest = await digestOf();
    const [short = ""] = /(?<=digest +)\S+(?=\n)/.exec((await run(["check", tray], a)).stdout) ?? [];
    expect(short.replaceAll("-", "")).toBe(digest.slice(0, 32));
    cpSync(tray, path.join(scratch, "disc"), { recursive: true });
    for (const form of [digest, digest.toUpperCase(), short, short.replaceAll("-", " ")]) {
      expect((await expecting(form, path.join(scratch, "disc"))).code).toBe(0);
    }
  });

  test("refuses a tree that is valid and another one than before", async () => {
    const digest = await digestOf();
    await packAnother();
    const { code, stdout, stderr } = await expecting(digest);
    expect(code).toBe(3);
    expect(stderr).toContain("evseal: error DIGEST_DIFFERS: not what was checked before");
    expect(stdout).not.toMatch(/([0-9a-f]{4}-){7}/);
    expect(stdout).not.toContain("sealed:");
  });

  test("is not printed, and not compared, where the answer is no anyway", async () => {
    const digest = await digestOf();
    add("a.mp4");
    const { code, stdout, stderr } = await expecting(digest);
    expect({ code, digest: stdout.includes("digest") }).toEqual({ code: 3, digest: false });
    expect(stderr).toContain("error CLEAR_FOUND");
  });

  test("has to be a whole one: a few digits are soon met by another tree", async () => {
    const digest = await digestOf();
    for (const typed of ["", digest.slice(0, 31), digest.slice(0, 40), `${digest}0`, "x".repeat(32)]) {
      const result = await run(["check", tray, "--json", `--expect-digest=${typed}`], a);
      expect(errorOf(result)).toMatchObject({ code: "USAGE", exitCode: 2 });
    }
  });
});
