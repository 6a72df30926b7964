import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escape, escapeJson } from "../../src/cli/escape.js";

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
