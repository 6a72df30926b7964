/** A campaign is no better than its own verdict: each way for it to fail makes it fail, and it counts what it says. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Fault } from "./shim.js";
import { campaign, campaignAtAll, whole, type Verdict } from "./campaign.js";

let folder = "";
let table = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "evseal-campaign-"));
  table = path.join(folder, "table");
  vi.stubEnv("EVSEAL_FAULTS_TABLE", table); // these runs are not part of the table that people read
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const good: Verdict = { violations: [], reached: true, hit: "out write a" };
const missed: Verdict = { violations: [], reached: false };
const numbers = Array.from({ length: 20 }, (_, index) => index);
const run = (verdictOf: (each: number) => Verdict | Promise<Verdict>, cases: readonly number[] = numbers) =>
  campaign("trial", cases, String, async (each) => await verdictOf(each));
const lastLine = (): unknown => JSON.parse(readFileSync(table, "utf8").trimEnd().split("\n").at(-1) ?? "");

test("passes when all is well, and tells what was hit", async () => {
  expect([...(await run(() => good))]).toEqual(["out write a"]);
  expect(lastLine()).toMatchObject({ name: "trial", runs: 20, notReached: 0, violations: [] });
});

test("fails with one violation among many runs", async () => {
  await expect(run((each) => (each === 13 ? { ...good, violations: ["bad"] } : good))).rejects.toThrow("trial");
  expect(lastLine()).toMatchObject({ runs: 20, violations: ["13: bad"] });
});

test("fails when a run throws", async () => {
  await expect(run((each) => (each === 13 ? Promise.reject(new Error("oops")) : good))).rejects.toThrow("trial");
  expect(lastLine()).toMatchObject({ violations: ["13: the run itself failed: Error: oops"] });
});

test("fails when nothing is run", async () => {
  await expect(run(() => good, [])).rejects.toThrow("runs of trial");
});

test("asks three times for a fault that did not happen, allows it one time in ten, and fails beyond", async () => {
  let asked = 0;
  const once = (each: number): Verdict => (each < 2 ? ((asked += 1), missed) : good);
  await run(once);
  expect(asked).toBe(6);
  expect(lastLine()).toMatchObject({ notReached: 2, violations: [] });
  await expect(run((each) => (each < 3 ? missed : good))).rejects.toThrow("not reached");
});

test.runIf(whole)("tries again for the calls that no fault has hit, and names those that stay so", async () => {
  const call = { microseconds: 0, result: 0, second: "", role: "out", operation: "write" } as const;
  const seal = "EV-7K3Q-9M2X-TB4H";
  const folder = "b80db1bf-73e3-4a50-a55f-0adbe85f09d0";
  const calls = ["a", "b"].map((name) => ({ ...call, path: `/tmp/${folder}/out/${seal}/${name}` }));
  const fault: Fault = { role: "out", operation: "write", nth: 1, action: "kill" };
  const hitting = (...names: string[]): (() => Promise<Verdict>) => {
    const hit = (): string => `out write /tmp//out/EV/${names.shift() ?? "a"}`;
    return () => Promise.resolve({ violations: [], reached: true, hit: hit() });
  };
  await campaignAtAll("trial", calls, [fault], hitting("a", "a", "b"));
  await expect(campaignAtAll("trial", calls, [fault], hitting())).rejects.toThrow(/EV\/b/);
});
