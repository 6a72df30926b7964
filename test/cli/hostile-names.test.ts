/** Names and words that steer a terminal, on a terminal: none of their characters reaches the screen as it is. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runOnTerminal } from "./on-terminal.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

/** Control, format, unpaired, line-breaking, direction-changing and invisible characters (Unicode's own names). */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;
const escapeCharacter = "\u001b";
/** What evseal itself writes: line ends, colours, the end of a line wiped. */
const own = new RegExp(`\r|\n|${escapeCharacter}\\[(?:[0-9;]*m|K)`, "g");

const hostile: readonly [what: string, name: string, shown: string][] = [
  ["a title for the window", "a\u001b]0;owned\u0007b", "\\u{1b}]0;owned\\u{7}"],
  ["a wiped screen", "a\u001b[2Jb", "\\u{1b}[2J"],
  ["a turned direction", "a\u202egpj.b", "\\u{202e}gpj"],
  ["a second line", "a\nevseal: all is well", "\\u{a}evseal"],
  ["a carriage return", "a\rb", "a\\u{d}b"],
  ["a deletion", "a\u007fb", "a\\u{7f}b"],
  ["a C1 sequence", "a\u009b2Jb", "\\u{9b}2J"],
  ["an invisible space", "a\u200bb", "a\\u{200b}b"],
];

function expectHarmless(screen: string): void {
  expect(screen.length).toBeGreaterThan(0);
  expect(steering.exec(screen.replace(own, "")), JSON.stringify(screen)).toBeNull();
}

/** What a terminal shows when its lines are put together again, which may break at a space only. */
const joined = (screen: string): string => screen.replace(own, "").replaceAll(/ +/g, " ");

test("the judge finds what steers, beside what evseal writes itself", () => {
  const fine = "\u001b[31merror\u001b[39m\r\n\r\u001b[K";
  expect(() => expectHarmless(fine)).not.toThrow();
  for (const [, name] of hostile.filter(([, each]) => !/[\r\n]/.test(each))) {
    expect(() => expectHarmless(fine + name)).toThrow();
  }
});

describe("on a screen", () => {
  let sealed: SealedPackage;
  beforeAll(async () => (sealed = await makeSealedPackage()));
  afterAll(() => rmSync(sealed.folder, { recursive: true }));

  const show = async (words: readonly string[], unit: "a" | "b" = "a"): Promise<{ code: number; screen: string }> => {
    const around = { home: sealed[unit].home, cwd: sealed.folder, stdout: "terminal", columns: 400 } as const;
    return await runOnTerminal(words, around);
  };
  /** A folder of that name, which is new, with one file in it. */
  const folderWith = (name: string): string => {
    const folder = path.join(sealed.folder, `folder ${Math.random()}`);
    mkdirSync(folder);
    writeFileSync(path.join(folder, name), "x");
    return folder;
  };

  describe.each(hostile)("%s", (_what, name, shown) => {
    test("in a source of pack", async () => {
      const { code, screen } = await show(["pack", folderWith(name), "--to", "scas", "--out", "out"]);
      expectHarmless(screen);
      expect(code).toBe(name.includes("\u200b") ? 0 : 7); // the portable-name rule allows what is only invisible
      if (code === 7) expect(joined(screen)).toContain(shown);
    });

    test("in a file that check finds", async () => {
      const { code, screen } = await show(["check", folderWith(name)]);
      expect(code).toBe(3);
      expectHarmless(screen);
      expect(joined(screen)).toContain(shown);
    });
  });

  /** All of them at once: a word is shown as it is, whatever stands beside it. */
  const word = hostile.map(([, name]) => name).join(" ");
  test.each<[string, readonly string[]]>([
    ["a source that is not there", ["pack", word, "--to", "scas", "--out", "out"]],
    ["a receiver", ["pack", "interview", "--to", word, "--out", "out"]],
    ["an output folder", ["pack", "interview", "--to", "scas", "--out", word]],
    ["a package to open", ["open", word, "--out", "out"]],
    ["a package to list", ["list", word]],
    ["a folder to check", ["check", word]],
    ["a card", ["contacts", "add", word, "--fingerprint", word]],
    ["a command", [word]],
    ["an option", [`--${word}`]],
  ])("as %s", async (_as, words) => {
    const { code, screen } = await show(words);
    expect(code).toBeGreaterThan(0);
    expectHarmless(screen);
  });

  test.each([
    ["combining marks", "e\u0301\u0327\u0301.wav"],
    ["an invisible space", "a\u200bb.wav"],
    ["a joiner", "\u0915\u094d\u200d\u0937.wav"],
    ["a variation selector", "\u2764\ufe0f.wav"],
    ["a text from right to left", "\u05e2\u05d3\u05d5\u05ea.wav"],
  ])("%s in the name of a packed file, which is refused or shown escaped", async (_what, name) => {
    const out = path.join(sealed.folder, `out ${Math.random()}`);
    const openedOut = `${out} opened`;
    mkdirSync(out);
    mkdirSync(openedOut);
    const packed = await show(["pack", folderWith(name), "--to", "scas", "--out", out, "--json"]);
    expectHarmless(packed.screen);
    if (packed.code !== 0) {
      expect(packed.screen).toContain("NAME_UNSAFE");
      return;
    }
    const [, folder = ""] = /"package":"([^"]+)"/.exec(packed.screen) ?? [];
    const listed = await show(["list", folder], "b");
    expect(listed.code).toBe(0);
    expectHarmless(listed.screen);
    const opened = await show(["open", folder, "--out", openedOut], "b");
    expect(opened.code, opened.screen).toBe(0);
    expectHarmless(opened.screen);
  });
});
