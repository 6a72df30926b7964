/** The report needs nothing beside it, and nothing that it is given can be more than text in it. */
import { describe, expect, test } from "vitest";
import type { Examination } from "../../src/doctor/examine.js";
import { reportOf } from "../../src/doctor/report.js";
import { markup } from "../../src/package/markup.js";

const hostile = `<script>alert("1")</script>&'\u001b[2J\u202egpj`;
const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\\u{1b}[2J\\u{202e}gpj";
const examination: Examination = {
  ok: false,
  examinedAt: "2026-11-26T15:42:41Z",
  unit: { unit: hostile, fingerprint: "ab".repeat(32) },
  versions: { evseal: hostile, node: hostile, openssl: hostile, libsodium: hostile, system: hostile },
  program: { digest: { sha256: "cd".repeat(32), files: 3 }, executableSha256: "ef".repeat(32) },
  requirements: [
    { id: "R1", says: hostile, source: hostile, testedWith: hostile, state: "failed", detail: hostile, hint: hostile },
    { id: "R2", says: "two", source: "s", testedWith: "t", state: "ok", detail: "d", hint: "h" },
  ],
  findings: [
    { check: hostile, state: "warning", detail: hostile, hint: hostile, concern: "unit" },
    { check: "swap", state: "not examined", detail: "not examined here", hint: "h", concern: "unit" },
  ],
};
const textOf = (what: Examination): string => new TextDecoder().decode(reportOf(what).bytes);

describe("a report", () => {
  const report = textOf(examination);

  test("shows hostile words as text", () => {
    expect(report).not.toContain("<script");
    expect(report).not.toMatch(/\p{Cc}(?<!\n)|\p{Bidi_Control}/u);
    expect(report.split(escaped).length).toBeGreaterThan(12);
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(report) ?? [];
    expect(style).not.toMatch(/[<&]/);
    expect(style).toContain('content: "evseal script');
  });

  test("loads nothing", () => {
    expect(report).not.toMatch(/\b(?:src|href)=|url\(|@import|https?:/);
    expect(report).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(report).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
  });

  test("says what was found, and never that it passed where something failed", () => {
    expect(report).toContain("<strong>FAILED</strong>");
    expect(report).not.toContain("PASSED");
    expect(report).toContain("Requirements: 1 of 2 met.");
    expect(report).toContain("0 in order, 1 with a warning, 0 failed, 1 not examined.");
    expect(report.match(/NOT MET/g)).toHaveLength(1);
    expect(textOf({ ...examination, ok: true })).toContain("<strong>PASSED</strong>");
  });

  test("can be read without a unit, and without files of evseal's own", () => {
    const { unit, program, ...rest } = examination;
    expect([unit, program].every(Boolean)).toBe(true);
    const bare = textOf({ ...rest, program: {} });
    expect(bare).toContain("no keys on this machine");
    expect(bare).toContain("not files of their own");
    expect(bare).not.toContain("sha256sum");
  });

  test("is laid out for A4, with a footer, repeated heads, whole rows and lines to sign on", () => {
    for (const rule of ["size: A4", "counter(page)", "display: table-header-group", "tr { break-inside: avoid; }"]) {
      expect(report.replace(/\s+/g, " ")).toContain(rule);
    }
    expect(report).toMatch(/Examiner.*Signature.*Approved by.*Signature/s);
  });
});

test("markup takes only what a template of ours brings", () => {
  const typed = ["<b>"] as unknown as TemplateStringsArray;
  expect(() => markup(typed)).toThrow(/not made by a template/);
  expect(markup`<i>${markup`<b>${"<"}</b>`}${[markup`1`, markup`2`]}${3}</i>`.text).toBe("<i><b>&lt;</b>123</i>");
});
