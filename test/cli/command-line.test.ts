import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { errorOf, makeUnit, run, scratchFolder } from "./run.js";

describe("a command line that is wrong", () => {
  test.each([
    ["an unknown command", ["shred", "x"], "there is no such command"],
    ["an unknown command of contacts", ["contacts", "shred"], "there is no such command"],
    ["an unknown option", ["card", "--force"], "there is no such option"],
    ["an unknown option before the command", ["--force", "card"], "there is no such option"],
    ["a second package", ["inspect", "a", "b"], "there is more on the command line than the command takes"],
    ["an option without its value", ["card", "--out"], "nothing follows --out <file>"],
    [
      "two sources of one passphrase",
      ["list", "x", "--passphrase-file", "f", "--passphrase-fd", "3"],
      "--passphrase-file <file> cannot be used with --passphrase-fd <n>",
    ],
    [
      "a kind for a key that is taken over",
      ["keygen", "--unit", "A", "--classic", "--identity", "f"],
      "--classic cannot be used with --identity <file>",
    ],
    [
      "a passphrase that shall not be",
      ["keygen", "--unit", "A", "--no-passphrase", "--passphrase-fd", "3"],
      "--no-passphrase cannot be used with --passphrase-fd <n>",
    ],
    ["a descriptor that is none", ["list", ".", "--passphrase-fd", "three"], undefined],
    ["a descriptor that is for writing", ["keygen", "--unit", "A", "--passphrase-fd", "1"], undefined],
    ["a unit that could not be a name", ["keygen", "--unit", " A", "--no-passphrase"], undefined],
    ["a unit that could steer a terminal", ["keygen", "--unit", "A\u001b[2J", "--no-passphrase"], undefined],
    ["a day that does not exist", ["keygen", "--unit", "A", "--no-passphrase", "--expires", "2030-02-30"], undefined],
    ["a day that has passed", ["keygen", "--unit", "A", "--no-passphrase", "--expires", "2020-01-01"], undefined],
  ])("%s exits 2 and says so", async (_what, words, message) => {
    const home = path.join(scratchFolder(), "home");
    if (words[0] === "list") await makeUnit(home, "A");
    const { code, stdout, stderr } = await run(words, { home });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^evseal: error USAGE: .*[^.]\nevseal: hint: .+[^.]\n$/);
    if (message !== undefined) expect(stderr).toContain(`evseal: error USAGE: ${message}\n`);
    if (words[0] === "keygen") expect(existsSync(home)).toBe(false);
  });

  test.each([
    ["--unit", ["keygen"]],
    ["--to", ["pack", "x", "--out", "."]],
    ["--out", ["pack", "x", "--to", "A"]],
    ["--out", ["open", "x"]],
    ["the package", ["open", "--out", "."]],
    ["the package", ["verify"]],
    ["the path", ["pack", "--to", "A", "--out", "."]],
    ["--fingerprint", ["contacts", "add", "fixtures/golden/classic/sender.card.json"]],
  ])("a missing %s is named, and nothing is asked off a terminal", async (name, words) => {
    const { code, stdout, stderr } = await run(words, { home: path.join(scratchFolder(), "home") });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(`^evseal: error ANSWER_MISSING: ${name} .*is missing\nevseal: hint: give ${name}`),
    );
  });

  test("a kind of progress that there is not is refused, and the kinds are named", async () => {
    const { code, stderr } = await run(["card", "--progress", "canary"], { home: scratchFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("auto, none, json");
    expect(stderr).not.toContain("canary");
  });

  test("a slip is answered with what may have been meant", async () => {
    const { stderr } = await run(["chekc", "x"], { home: scratchFolder() });
    expect(stderr).toContain("hint: did you mean check? evseal --help shows what it takes\n");
  });

  test("nothing that was typed is repeated but the names of options: it may be evidence, and stderr a log", async () => {
    for (const words of [
      ["pack", "canary.mp4", "--to", "A", "--out", ".", "--cas=canary"],
      ["canary.mp4"],
      ["verify", "a", "canary"],
      ["list", "canary", "--passphrase-fd", "canary"],
      ["keygen", "--no-passphrase", "--unit", "canary/"],
      ["contacts", "show", "canary"],
      ["contacts", "add", "canary.json", "--fingerprint", "canary"],
    ]) {
      const { code, stdout, stderr } = await run(words, { home: scratchFolder() });
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain("canary");
    }
  });
});

describe("with --json", () => {
  test("a failure is one document on stdout, and stderr is silent", async () => {
    for (const words of [["--json", "shred"], ["card", "--json"], ["--json", "card"], ["--json"]]) {
      const result = await run(words, { home: path.join(scratchFolder(), "none") });
      const error = errorOf(result);
      expect(Object.keys(error)).toEqual(["code", "message", "hint", "exitCode"]);
      expect(error.exitCode).toBe(result.code);
      expect(result.stderr).toBe("");
    }
  });
});

describe("the manner of speaking", () => {
  test("--quiet leaves the result and nothing else, before or after the command", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    const loud = await run(["card", "--out", path.join(home, "loud.json")], { home });
    expect(loud.stderr).toContain("evseal: next: ");
    for (const words of [
      ["--quiet", "card", "--out", path.join(home, "before.json")],
      ["card", "--out", path.join(home, "after.json"), "--quiet"],
    ]) {
      expect(await run(words, { home })).toMatchObject({ code: 0, stderr: "" });
    }
  });

  test("has no colours off a terminal, whatever the environment says", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    const env = { FORCE_COLOR: "3", TERM: "xterm-256color", COLORTERM: "truecolor" };
    const card = await run(["card"], { home, env });
    const failure = await run(["card", "--nothing"], { home, env });
    expect(card.stdout + card.stderr + failure.stderr).not.toContain("\u001b");
  });
});

describe("what stands around the program", () => {
  test("without EVSEAL_HOME the keys are looked for in the user's configuration folder", async () => {
    const folder = scratchFolder();
    const { code, stdout } = await run(["keygen", "--unit", "A", "--no-passphrase", "--classic", "--json"], {
      home: path.join(folder, "unused"),
      env: { EVSEAL_HOME: "", XDG_CONFIG_HOME: path.join(folder, "config") },
    });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { home: string }).home).toMatch(new RegExp(`^${folder}/.*evseal$`, "i"));
  });

  test("a stdin that is closed or empty is not a person to ask", async () => {
    const folder = scratchFolder();
    await makeUnit(path.join(folder, "a"), "Force A");
    const b = await makeUnit(path.join(folder, "b"), "SCAS");
    await run(["card", "--out", path.join(folder, "scas.json")], { home: b.home });
    const missing = await run(["contacts", "add", path.join(folder, "scas.json")], { home: path.join(folder, "a") });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("ANSWER_MISSING");
    expect(missing.stderr).toContain("give --fingerprint");
    expect(missing.stdout + missing.stderr).not.toContain(b.words.slice(0, 20));
    expect(missing.stdout + missing.stderr).not.toContain(b.fingerprint.slice(0, 4));
    const listed = await run(["contacts", "list", "--json"], { home: path.join(folder, "a") });
    expect(JSON.parse(listed.stdout)).toEqual({ contacts: [] });
  });

  test("a card that is too large, missing, or no card is refused as such", async () => {
    const folder = scratchFolder();
    writeFileSync(path.join(folder, "large.json"), "x".repeat(9000));
    writeFileSync(path.join(folder, "other.json"), "{}\n");
    for (const name of ["large.json", "missing.json", "other.json", "."]) {
      const words = ["contacts", "add", path.join(folder, name), "--fingerprint", "x"];
      const result = await run([...words, "--json"], { home: path.join(folder, "home") });
      expect(errorOf(result).code).toBe("CARD_UNUSABLE");
      expect(result.stdout).not.toContain(folder);
    }
  });

  test("card --out never replaces a file", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    const result = await run(["card", "--out", path.join(home, "signing.key"), "--json"], { home });
    expect(errorOf(result)).toMatchObject({ code: "OUTPUT_EXISTS", exitCode: 8 });
    expect((await run(["keygen", "--unit", "A", "--no-passphrase", "--json"], { home })).code).toBe(8);
  });
});
