import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EvsealError } from "../src/errors.js";
import { escape, escapeJson, UnsafeName } from "../src/unsafe-name.js";

const printable = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]*$/u;
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point)) });

describe("a name on a screen", () => {
  test.each([
    ["a control sequence", "\u001b[2Jgone", "\\u{1b}[2Jgone"],
    ["a C1 control sequence", "\u009b2Jgone", "\\u{9b}2Jgone"],
    ["a second line", "a\nevseal: all is well", "a\\u{a}evseal: all is well"],
    ["a carriage return over what was shown", "bad\rgood", "bad\\u{d}good"],
    ["a turned reading direction", "cod.\u202e4pm", "cod.\\u{202e}4pm"],
    ["an isolate", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["an invisible space", "SC\u200bAS", "SC\\u{200b}AS"],
    ["invisible tag characters", "a\u{e0041}", "a\\u{e0041}"],
    ["half a character", "a\ud800", "a\\u{d800}"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
  ])("does not hold %s", (_what, text, shown) => {
    expect(escape(text)).toBe(shown);
  });

  test("stays as it is when it is harmless", () => {
    expect(escape("Zeugin Müller, 証人 3 – C:\\VIDEO_TS")).toBe("Zeugin Müller, 証人 3 – C:\\VIDEO_TS");
  });

  test("is printable, whatever it was", () => {
    fc.assert(fc.property(anyText, (text) => printable.test(escape(text))));
  });
});

describe("a document for a script", () => {
  test("is printable on one line and has the value it had", () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (document) => {
        const json = escapeJson(document);
        expect(json).toMatch(printable);
        expect(JSON.parse(json)).toEqual(document);
      }),
    );
  });

  test("spells what JSON itself leaves as it is", () => {
    expect(escapeJson({ path: "\u007f\u009b\u202e\u{e0041}" })).toBe('{"path":"\\u007f\\u009b\\u202e\\udb40\\udc41"}');
  });
});

describe("a name from outside", () => {
  const text = "cod.\u202e4pm\u001b[2J\n";
  const shown = "cod.\\u{202e}4pm\\u{1b}[2J\\u{a}";
  const name = UnsafeName.of(text);

  test.each<[string, () => string]>([
    ["a template", () => `is ${name as unknown as string}`.slice(3)],
    ["a sum", () => ("is " + (name as unknown as string)).slice(3)],
    ["String", () => String(name)],
    ["a list", () => [name].join()],
    ["an inspection", () => inspect(name)],
    ["console's %s", () => format("%s", name)],
    ["JSON", () => JSON.parse(JSON.stringify(name)) as string],
    ["the message of an error", () => new Error(name as unknown as string).message],
  ])("is escaped in %s, by whatever accident it gets there", (_where, become) => {
    expect(become()).toBe(shown);
  });

  test("is escaped in an error that is inspected, cause and all", () => {
    const error = new EvsealError("NAME_UNSAFE", "a name is refused", { subject: text, hint: "rename it" });
    const outer = new EvsealError("MANIFEST_MALFORMED", "it is refused", { hint: "ask", cause: error });
    expect(inspect(outer, { depth: 9, showHidden: true })).toContain(shown);
    expect(inspect(outer, { depth: 9, showHidden: true }).replaceAll("\n", "")).toMatch(printable);
  });

  test("has its own value in a document for a script, at any depth, and is printable there too", () => {
    const json = escapeJson({ findings: [{ path: name }], name, list: [name] });
    expect(json).toMatch(printable);
    expect(JSON.parse(json)).toEqual({ findings: [{ path: text }], name: text, list: [text] });
    expect(JSON.parse(escapeJson(name))).toBe(text);
  });

  test("is left alone where it is one already", () => {
    expect(UnsafeName.of(name)).toBe(name);
  });
});
