/** A slice of `npm run bench`: that it runs, measures and proves everything. How fast is for a quiet machine to say. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sharedFolder } from "../interop/exchange.js";
import { describeWith, exec } from "../interop/programs.js";

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

interface Report {
  readonly rows: readonly {
    readonly case: string;
    readonly job: string;
    readonly name: string;
    readonly rounds: number;
    readonly seconds: Spread;
    readonly cpuSeconds: Spread;
    readonly peakBytes: Spread;
  }[];
  readonly missing: readonly { readonly name: string }[];
  readonly acceptance: readonly { readonly what: string; readonly verdict: string }[];
}

const peers = [
  "same work, openssl",
  "same work, coreutils",
  "tar | age",
  "tar | gpg -z0",
  "7z -mx0",
  "tar | typage",
  "cp",
];
const opening = ["evseal open", "evseal verify", "evseal list", "same work, openssl", "age -d | tar x", "7z x", "cp"];

describeWith(["age", "minisign", "7zz", "python3", "gpg", "openssl"], "npm run bench", () => {
  const place = sharedFolder();

  test("measures everybody, proves what they made, and leaves nothing behind", async () => {
    const json = path.join(place, "report.json");
    const bench = fileURLToPath(new URL("run.js", import.meta.url));
    const options = ["--quick", "--huge", "--many", "--json", json, "--dir", place];

    const { code, stdout, stderr } = await exec(process.execPath, [bench, ...options], { cwd: place });

    expect(stderr).not.toContain("Error");
    expect(code).toBe(0);
    const { rows, missing, acceptance } = JSON.parse(readFileSync(json, "utf8")) as Report;
    for (const name of ["one", "four", "small"]) {
      const namesOf = (job: string) =>
        rows.filter((row) => row.case === name && row.job === job).map((row) => row.name);
      expect(namesOf("pack")).toEqual(expect.arrayContaining(["evseal", ...peers]));
      expect(namesOf("open")).toEqual(expect.arrayContaining(opening));
    }
    const fromDisk = rows.filter(({ name }) => name === "evseal open, from the disk");
    expect(fromDisk.map((row) => row.case)).toEqual(["one", "huge"]);
    expect(rows.filter((row) => row.case === "huge" || row.case === "many").length).toBeGreaterThanOrEqual(10);
    for (const row of rows) {
      const { rounds, seconds, cpuSeconds, peakBytes } = row;
      expect(rounds).toBeGreaterThanOrEqual(["one", "small", "start"].includes(row.case) ? 2 : 1);
      for (const { median, min, max } of [seconds, peakBytes])
        expect(0 < min && min <= median && median <= max).toBe(true);
      expect(cpuSeconds.median).toBeGreaterThan(0);
    }
    const withoutReadBack = [...rows, ...missing].filter(({ name }) => name === "evseal, read-back off");
    expect(withoutReadBack.length).toBeGreaterThan(0); // measured or named as missing, never left out
    expect(acceptance.every(({ verdict }) => ["pass", "fail", "not measured"].includes(verdict))).toBe(true);
    expect(acceptance.find(({ what }) => what.startsWith("start:"))?.verdict).toMatch(/pass|fail/);
    expect(stdout).toContain("what is demanded");
  }, 600_000);
});
