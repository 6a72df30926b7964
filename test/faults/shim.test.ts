/** The shim counts, writes down and meddles with the calls of all threads of a process, and loses and repeats none. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith, exec, type Ended } from "../interop/programs.js";
import { buildShim, readLog, shimEnvironment, type Call, type Fault, type Log } from "./shim.js";

const program = fileURLToPath(new URL("many-threads.js", import.meta.url));
const [threads, files] = [6, 6 * 20];
/** What many-threads.js does to its files and folders. */
const expected = { mkdir: threads, create: files, write: 2 * files, fsync: files, read: files, close: files };
const all = { ...expected, rename: files };
const allCalls = Object.values(all).reduce((sum, amount) => sum + amount);

describeWith(["cc", "strace"], "the shim, under a program of many threads,", () => {
  let folder = "";
  let shim = "";
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "evseal-shim-"));
    shim = await buildShim(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function watched(
    fault?: Fault,
    before: readonly string[] = [],
  ): Promise<Ended & Log & { readonly lines: readonly string[]; readonly out: string }> {
    const place = mkdtempSync(path.join(folder, "run-"));
    const [out, log] = [path.join(place, "out"), path.join(place, "log")];
    mkdirSync(out);
    const environment = shimEnvironment(shim, { out }, log, fault);
    const given = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const ended = await exec("env", [...given, ...before, process.execPath, program, out]);
    return { ...ended, ...readLog(log), lines: readFileSync(log, "utf8").split("\n").slice(0, -1), out };
  }

  const amounts = (calls: readonly Call[]): Record<string, number> => {
    const counted: Record<string, number> = {};
    for (const { operation } of calls) counted[operation] = (counted[operation] ?? 0) + 1;
    return counted;
  };
  const firings = (lines: readonly string[]): number => lines.filter((line) => line.includes(" FIRED ")).length;

  test("sees every call once, under its own path, in a line of its own", async () => {
    const { code, stdout, calls, lines } = await watched();
    expect([code, stdout]).toEqual([0, "0\n"]);
    expect(amounts(calls)).toEqual(all);
    for (const line of lines) expect(line).toMatch(/^\d+ out [a-z]+ \d+ 0 \/\S+\/out\/[\w.-]+\t\S*$/);
    // A descriptor's number passes from thread to thread; each file's calls are those that were made to it.
    const ofFile = new Map<string, string[]>();
    for (const { operation, path: at } of calls) ofFile.set(at, [...(ofFile.get(at) ?? []), operation]);
    const whole = ["create", "write", "write", "fsync", "read", "close", "rename"];
    for (const [at, made] of ofFile) expect(made, at).toEqual(at.includes("/of-") ? ["mkdir"] : whole);
  });

  test("sees what strace sees, which follows threads as well", async () => {
    const trace = path.join(folder, "trace");
    const options = ["-f", "-y", "-o", trace, "-e", "trace=openat,write,fsync,mkdir,rename"];
    const { calls, out } = await watched(undefined, ["strace", ...options]);
    const seen = readFileSync(trace, "utf8")
      .split("\n")
      .filter((line) => line.includes(`${out}/`) && !line.includes("resumed"));
    expect(seen.length).toBe(calls.filter(({ operation }) => !["read", "close"].includes(operation)).length);
    expect(new Set(seen.map((line) => /^\d+/.exec(line)?.[0])).size).toBe(threads);
  });

  const at = (rest: Partial<Fault>): Fault => {
    return { role: "out", operation: "write", nth: 100, action: "error", argument: "EIO", ...rest };
  };
  test.each<[string, Fault, number]>([
    ["once", at({}), 1],
    ["three times", at({ times: 3 }), 3],
    ["from then on", at({ times: 0 }), 2 * files - 99],
    ["whatever the call", at({ operation: "any", nth: 300, times: 5 }), 5],
    ["not at all where there are fewer", at({ nth: 2 * files + 1 }), 0],
  ])("fails a call %s, whichever thread makes it", async (_often, fault, failures) => {
    const { code, stdout, lines, calls } = await watched(fault);
    expect([code, firings(lines)]).toEqual([0, failures]);
    expect(Number(stdout)).toBe(failures);
    expect(calls.filter(({ result }) => result < 0)).toHaveLength(failures);
  });

  test.each([1, 2, 57, 400, allCalls])("ends all threads at once at call %i", async (nth) => {
    const { code, lines, calls, out } = await watched(at({ operation: "any", nth, action: "kill" }));
    expect([code, firings(lines)]).toEqual([null, 1]);
    // The others may be in the middle of one call each, and no more.
    expect(calls.length).toBeGreaterThanOrEqual(Math.max(0, nth - threads));
    expect(calls.length).toBeLessThan(nth + threads);
    expect(readdirSync(out).length).toBeLessThanOrEqual(files + threads);
  });

  test.each(["read", "write"])("turns over one bit of a %s", async (operation) => {
    const { code, stdout, lines, out } = await watched(at({ operation, action: "corrupt" }));
    expect([code, stdout, firings(lines)]).toEqual([0, "1\n", 1]);
    const contents = readdirSync(out)
      .filter((name) => name.endsWith(".done"))
      .map((name) => readFileSync(path.join(out, name), "latin1"));
    expect(contents.filter((content) => content !== "onetwo")).toHaveLength(operation === "write" ? 1 : 0);
  });
});
