import { describe, expect, test } from "vitest";
import { columnsOf, wrap } from "../../src/cli/wrap.js";

describe("a line on a terminal", () => {
  test("is broken at spaces, later lines under the indent", () => {
    expect(wrap("evseal: hint: one two three four five six seven", 40, 8)).toBe(
      "evseal: hint: one two three four five\n        six seven",
    );
  });

  test("leaves the last column free", () => {
    expect(wrap("evseal: aaaa bbbb", 18, 8)).toBe("evseal: aaaa bbbb");
    expect(wrap("evseal: aaaa bbbb", 17, 8)).toBe("evseal: aaaa\n  bbbb");
  });

  test("keeps a word that is longer than a line, for whoever copies it", () => {
    expect(wrap(`evseal: ${"x".repeat(50)} y`, 40, 8)).toBe(`evseal:\n        ${"x".repeat(50)}\n        y`);
  });

  test("counts what is seen: no colours, no combining marks, two columns for East Asian characters", () => {
    expect(columnsOf("\u001b[31merror\u001b[39m")).toBe(5);
    expect(columnsOf("u\u0308")).toBe(1);
    expect(columnsOf("取調べ")).toBe(6);
  });

  test.each([20, 33, 80, 200])("of words never passes %i columns", (columns) => {
    const line = `evseal: ${"some words of prose ".repeat(30)}`.trimEnd();
    const lines = wrap(line, columns, 8).split("\n");
    expect(lines.every((each) => each.length < columns)).toBe(true);
    expect(lines.map((each) => each.trim()).join(" ")).toBe(line);
  });
});
