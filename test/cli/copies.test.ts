/** Two damaged copies, and what is left of one, on the command line. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { errorOf, run, scratchFolder } from "./run.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

let made: SealedPackage;
let copies: string[] = [];
let out = "";
beforeAll(async () => {
  made = await makeSealedPackage();
});
afterAll(() => rmSync(made.folder, { recursive: true }));
beforeEach(() => {
  const scratch = scratchFolder();
  out = path.join(scratch, "opened");
  mkdirSync(out);
  copies = ["first", "second"].map((name) => path.join(scratch, name));
  for (const copy of copies) cpSync(made.packagePath, copy, { recursive: true });
});

/** Two chunks: in the first are the WAV and the beginning of the VOB, in the second the rest. */
function damage(copy: string | undefined, chunk: 0 | 1): void {
  const name = readdirSync(copy ?? "").find((name) => /^EV-[^.]+\.evseal$/.test(name)) ?? "";
  const container = path.join(copy ?? "", name);
  const bytes = readFileSync(container);
  const at = chunk === 0 ? 2000 : bytes.length - 50;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(container, bytes);
}

test("open says what it took from which copy", async () => {
  damage(copies[0], 1);
  damage(copies[1], 0);
  const { code, stdout, stderr } = await run(["open", ...copies, "--out", out], made.b);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^mended +copy 1 was damaged in 1 place \(\d+\.\d kB\): taken from copy 2$/m);
  rmSync(path.join(out, readdirSync(out)[0] ?? ""), { recursive: true });
  const told = await run(["open", ...copies, "--out", out, "--json"], made.b);
  expect(told.code).toBe(0);
  expect(JSON.parse(told.stdout)).toMatchObject({ verified: true, mended: [{ from: 2 }] });
});

test("open refuses what no copy has, and names salvage", async () => {
  for (const copy of copies) damage(copy, 1);
  const ended = await run(["open", ...copies, "--out", out, "--json"], made.b);
  expect({ code: ended.code, error: errorOf(ended) }).toMatchObject({ code: 6, error: { code: "COPIES_DAMAGED" } });
  expect(errorOf(ended).hint).toContain("evseal salvage");
  expect(readdirSync(out)).toEqual([]);
});

test("salvage says what is whole and what is not, and is no success", async () => {
  damage(copies[0], 1);
  const { code, stdout, stderr } = await run(["salvage", copies[0] ?? "", "--out", out], made.b);
  expect(code).toBe(6);
  expect(stdout).toMatch(/^whole +1 of 2 files, 3 bytes$/m);
  expect(stdout).toMatch(/^whole {4}Zeugin Müller\.wav$/m);
  expect(stdout).toMatch(/^partial {2}interview\/VIDEO_TS\/VTS_01_1\.VOB {2}\(\d+ of 100000 bytes lost\)$/m);
  expect(stderr).toContain("error SALVAGE_INCOMPLETE: the package is damaged: 1 of 2 files recovered");
  expect(stderr).not.toMatch(/Zeugin|VTS/);
  const [folder = ""] = readdirSync(out);
  expect(folder).toMatch(/^UNVERIFIED-PARTIAL-EV-/);
  expect(readFileSync(path.join(out, folder, "media", "Zeugin Müller.wav"), "utf8")).toBe("wav");
  expect(existsSync(path.join(out, folder, "media", "interview"))).toBe(false);
});

test("salvage --json is one document, whatever is lost", async () => {
  const state = z.enum(["whole", "partial", "lost"]);
  const file = z.strictObject({ path: z.string(), state, sizeBytes: z.int(), lostBytes: z.int() });
  const amounts = { whole: z.int(), partial: z.int(), lost: z.int(), bytes: z.int(), lostBytes: z.int() };
  const party = z.strictObject({ unit: z.string(), fingerprint: z.string() });
  const schema = z.strictObject({
    ok: z.boolean(),
    seal: z.string(),
    sender: party,
    out: z.string().optional(),
    ...amounts,
    files: z.array(file),
  });
  damage(copies[0], 0);
  const damaged = await run(["salvage", copies[0] ?? "", "--out", out, "--json"], made.b);
  expect(damaged.code).toBe(6);
  const { ok, whole, files } = schema.parse(JSON.parse(damaged.stdout));
  expect({ ok, whole, states: files.map((each) => each.state) }).toEqual({
    ok: false,
    whole: 0,
    states: ["lost", "partial"],
  });
  expect(damaged.stderr).toContain("SALVAGE_INCOMPLETE");
  expect(readdirSync(out)).toEqual([]);
  const all = await run(["salvage", ...copies, "--out", out, "--json"], made.b);
  expect(all.code).toBe(0);
  expect(schema.parse(JSON.parse(all.stdout))).toMatchObject({ ok: true, whole: 2, lostBytes: 0 });
});

test("salvage asks for nothing on the side", async () => {
  const ended = await run(["salvage", copies[0] ?? "", "--json"], made.b);
  expect({ code: ended.code, error: errorOf(ended) }).toMatchObject({ code: 2, error: { code: "ANSWER_MISSING" } });
});
