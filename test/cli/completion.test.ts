import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { environment, executable, makeUnit, run, scratchFolder, type OwnCard } from "./run.js";

async function unitWithContact(): Promise<{ folder: string; a: OwnCard }> {
  const folder = scratchFolder();
  const a = await makeUnit(path.join(folder, "a"), "Force A");
  const b = await makeUnit(path.join(folder, "b"), "SCAS, room 2");
  await run(["card", "--out", path.join(folder, "b.json")], b);
  await run(["contacts", "add", path.join(folder, "b.json"), "--fingerprint", b.fingerprint], a);
  return { folder, a };
}

async function completed(home: string, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(["complete-words", "--", ...words], { home });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trimEnd().split("\n");
}

describe("what TAB offers", () => {
  test("are commands, options, contacts, choices, or the shell's own files", async () => {
    const { a } = await unitWithContact();
    expect(await completed(a.home, "ve")).toEqual(["words", "verify"]);
    expect(await completed(a.home, "contacts", "")).toEqual(expect.arrayContaining(["add", "list", "show", "remove"]));
    expect(await completed(a.home, "pack", "--passphrase-f")).toEqual([
      "words",
      "--passphrase-file",
      "--passphrase-fd",
    ]);
    expect(await completed(a.home, "card", "--js")).toEqual(["words", "--json"]);
    expect(await completed(a.home, "pack", "--to", "sc")).toEqual(["words", "SCAS, room 2"]);
    expect(await completed(a.home, "contacts", "show", "")).toEqual(["words", "SCAS, room 2"]);
    expect(await completed(a.home, "pack", "--progress", "")).toEqual(["words", "auto", "none", "json"]);
    for (const words of [
      ["pack", ""],
      ["open", "--out", ""],
      ["check", "/med"],
    ]) {
      expect(await completed(a.home, ...words)).toEqual(["files"]);
    }
    expect((await completed(a.home, "")).join()).not.toContain("complete-words");
  });

  test("is nothing, and no error, where there is no home or a broken contact", async () => {
    const { a, folder } = await unitWithContact();
    expect(await completed(path.join(folder, "none"), "pack", "--to", "")).toEqual(["words"]);
    writeFileSync(path.join(a.home, "contacts", "x.card.json"), "broken");
    expect(await completed(a.home, "pack", "--to", "")).toEqual(["words"]);
  });
});

const shells = {
  bash: `source ./script; COMP_WORDS=(evseal pack '$(touch evaluated)' --to SC); COMP_CWORD=4; _evseal; echo "\${COMPREPLY[0]}"`,
  zsh: `autoload -U compinit; compinit -D; compadd() { echo "\${@[2]}" }; source ./script
        words=(evseal pack '$(touch evaluated)' --to SC); CURRENT=5; _evseal`,
  fish: `source ./script; complete -C 'evseal pack $(touch evaluated) --to SC'`,
};

describe.each(Object.entries(shells))("the script for %s", (shell, typed) => {
  const isThere = (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(path.join(folder, shell)));

  test.skipIf(!isThere)("completes a contact, and evaluates nothing of what was typed", async () => {
    const { folder, a } = await unitWithContact();
    const script = await run(["completion", shell], a);
    expect(script).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(path.join(folder, "script"), script.stdout);
    mkdirSync(path.join(folder, "bin"));
    symlinkSync(executable, path.join(folder, "bin", "evseal"));
    const env = { ...environment(a), PATH: `${path.join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
    const shown = execFileSync(shell, ["-c", typed], { cwd: folder, env, encoding: "utf8" });
    expect(shown.trim().replaceAll("\\", "").replaceAll("'", "")).toBe("SCAS, room 2");
    expect(existsSync(path.join(folder, "evaluated"))).toBe(false);
  });
});
