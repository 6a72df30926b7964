import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { EvsealError } from "../../src/errors.js";
import { foldCase } from "../../src/package/fold-case.js";
import { PortablePath, refuseCollisions } from "../../src/package/portable-path.js";
import { escapeJson } from "../../src/unsafe-name.js";
import { refusal } from "../refusal.js";

const parse = (text: string) => () => PortablePath.parse(text);
const collide =
  (...texts: string[]) =>
  () =>
    refuseCollisions(texts.map((text) => PortablePath.parse(text)));

describe("a portable path", () => {
  it.each([
    "INT-001/VIDEO_TS/VTS_01_1.VOB",
    "Zeugin Müller – 取調べ.txt",
    "a b/-rf",
    ".hidden",
    "consul.mp4",
    "falcon/icon.aux.mp4",
    "com10.txt",
    "❤️.mp4",
    `${"x".repeat(255)}/${"é".repeat(127)}`,
    Array.from({ length: 32 }, () => "a".repeat(30)).join("/"),
  ])("may be %j", (text) => expect(PortablePath.parse(text).text).toBe(text));

  it("knows its folders and its own name, and what lies within it", () => {
    const path = PortablePath.parse("a/b/c.mp4");
    expect([path.folders, path.name]).toEqual([["a", "b"], "c.mp4"]);
    expect([PortablePath.parse("c").folders, PortablePath.parse("c").name]).toEqual([[], "c"]);
    expect(path.within(PortablePath.parse("x/y")).text).toBe("x/y/a/b/c.mp4");
  });

  it.each([
    ["up", "../a"],
    ["up inside", "a/../b"],
    ["here", "a/./b"],
    ["empty", ""],
    ["absolute", "/etc/passwd"],
    ["double slash", "a//b"],
    ["trailing slash", "a/"],
    ["backslash", "a\\b"],
    ["drive", "c:x"],
    ["UNC", "\\\\server\\share"],
    ["stream", "a.txt:hidden"],
    ["NUL", "a\0b"],
    ["newline", "a\nb"],
    ["escape sequence", "a\u001b[2Jb"],
    ["C1 control", "a\u009bb"],
    ["right-to-left override", "a\u202egpj.exe"],
    ["isolate", "a\u2066b"],
    ["line separator", "a\u2028b"],
    ["unpaired surrogate", "a\ud800b"],
    ["noncharacter", "a\uffffb"],
    ["trailing dot", "a."],
    ["trailing space", "a "],
    ["folder with trailing dot", "a./b"],
    ["question mark", "what?.mp4"],
    ["star", "*"],
    ["pipe", "a|b"],
    ["quote", 'a"b'],
    ["angle", "a<b"],
    ["CON", "CON"],
    ["con with extension", "con.txt"],
    ["device folder", "a/NUL/b"],
    ["COM1", "com1.log"],
    ["LPT superscript", "LPT¹"],
    ["CONIN$", "conin$"],
    ["space before the extension", "aux .txt"],
    ["256 bytes", "x".repeat(256)],
    ["256 bytes of UTF-8", "é".repeat(128)],
    ["1001 bytes together", Array.from({ length: 12 }, () => "a".repeat(90)).join("/")],
    ["in 32 folders", Array.from({ length: 33 }, () => "a").join("/")],
  ])("may not be: %s", (_what, text) => expect(parse(text)).toThrow(refusal("NAME_UNSAFE")));

  it("is never anything a parser of paths would walk out with", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          const path = PortablePath.parse(text);
          expect(path.text).toBe(text);
          expect(text.split("/").some((part) => part === ".." || part === "")).toBe(false);
        } catch (error) {
          expect(error).toEqual(refusal("NAME_UNSAFE"));
          expect(JSON.parse(escapeJson((error as EvsealError).subject))).toBe(text);
        }
      }),
    );
  });
});

describe("two paths collide", () => {
  it.each([
    ["twice the same", "a/b", "a/b"],
    ["case", "a/B", "a/b"],
    ["case of a folder", "A/x", "a/y"],
    ["normal forms", "\u00e9", "e\u0301"],
    ["sharp s", "straße", "STRASSE"],
    ["final sigma", "ΛΟΓΟΣ", "λογος"],
    ["ligature", "\ufb01le", "file"],
    ["full width", "\uff41", "a"],
    ["an invisible letter", "a\u200bb", "ab"],
    ["a file where a folder is", "a", "a/b"],
    ["a folder where a file is", "a/b", "a"],
    ["a file where a folder of another case is", "A", "a/b"],
  ])("%s", (_what, one, other) => expect(collide(one, other)).toThrow(refusal("NAMES_COLLIDE")));

  it("of one spelling are one name twice, of two spellings two names that meet", () => {
    const [same, other] = [collide("a/b", "a/b"), collide("a/B", "a/b")].map((attempt) => {
      try {
        attempt();
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    });
    expect(same).not.toBe(other);
    // A folder, then a file of its very spelling: not twice the same file.
    expect(collide("a/b", "a")).toThrow(other);
  });

  it("or do not: same name in different folders, shared folders", () => {
    expect(collide("a/x", "b/x", "a/y", "ab", "a/c/x")).not.toThrow();
  });
});

test("plain letters are folded as all letters are", () => {
  for (let code = 0x20; code <= 0x7e; code++) {
    const letter = String.fromCharCode(code);
    expect(foldCase(letter)).toBe(letter.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKC"));
  }
});
