/** Broken builds and the tests that must catch them: a slice here, all of them by `npm run test:teeth`. */
import { appendFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrokenBuild } from "./broken-build.js";
import { judge, judgeSound } from "./judge.js";
import { applyEdit, mutant } from "./mutant.js";
import { mutants } from "./mutants.js";

const project = fileURLToPath(new URL("../../", import.meta.url));
const table = process.env["EVSEAL_TEETH_TABLE"];
const slice = mutants.filter(({ name }) => /flag of the final|header's MAC|whose fingerprint/.test(name));
const timeLimitMs = 600_000;

test.each(mutants)("the patch for a build that $name applies", ({ edits }) => {
  const texts = new Map<string, string>();
  for (const edit of edits) {
    const before = texts.get(edit.file) ?? readFileSync(project + edit.file, "utf8");
    texts.set(edit.file, applyEdit(edit, before));
    expect(texts.get(edit.file)).not.toBe(before);
  }
});

test("no two have one name", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test("a patch that does not apply exactly once is a failure", () => {
  const edit = { file: "a", find: "x", put: "y" };
  expect(() => applyEdit(edit, "none")).toThrow("0 times");
  expect(() => applyEdit(edit, "x x")).toThrow("2 times");
});

describe("a broken build", { timeout: timeLimitMs }, () => {
  const wanted =
    table === undefined ? slice : mutants.filter(({ name }) => name.includes(process.env["EVSEAL_TEETH"] ?? ""));
  let build: BrokenBuild;
  let sound: ReadonlyMap<string, string>;
  beforeAll(() => {
    build = new BrokenBuild();
    sound = judgeSound(build, wanted);
  }, timeLimitMs);
  afterAll(() => build.end());

  test.each(wanted)("that $name is caught", (each) => {
    const started = performance.now();
    const verdict = judge(build, each, sound);
    const seconds = (performance.now() - started) / 1000;
    if (table !== undefined) appendFileSync(table, `${JSON.stringify({ ...each, verdict, seconds })}\n`);
    expect(["caught", "skipped"]).toContain(verdict);
  });

  const stream = "test/age/stream.test.ts";
  const title = "one chunk opens at its own place only, and as final only if it is";
  const harmless = ["src/age/stream.ts", "new Uint8Array(12);", "new Uint8Array(12).fill(0);"] as const;

  test("gets through where the named test does not look", () => {
    expect(judge(build, mutant("harmless", [stream, title], harmless))).toBe("survived");
  });

  test("is not caught by a test that is not there, or a patch that does not apply", () => {
    expect(judge(build, mutant("untested", [stream, "none"], harmless))).toBe("there is no such test");
    const old = mutant("old", [stream, title], ["src/age/stream.ts", "no such line", ""]);
    expect(judge(build, old)).toBe("src/age/stream.ts holds 0 times, and not once: no such line");
  });
});
