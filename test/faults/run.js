// `npm run test:faults`: the whole of every campaign, and a table of what came of it. Exits 1 on any violation, on any
// other failure, and where this machine lacks what a campaign needs. `-- -t SIGKILL` runs those whose names say so.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const project = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), "evseal-faults-"));
const table = path.join(folder, "table.jsonl");
const summary = path.join(folder, "tests.json");

const { status } = spawnSync(
  "npx",
  [
    ...["vitest", "run", "--config", "test/tooling/vitest.config.ts", "--maxWorkers=2"],
    ...[
      "--reporter=verbose",
      "--reporter=json",
      `--outputFile.json=${summary}`,
      "test/faults",
      "test/leak",
      "test/fuzz",
      "test/opening/damaged-packages.test.ts",
    ],
    ...process.argv.slice(2),
  ],
  {
    cwd: project,
    env: { ...process.env, EVSEAL_FAULTS: "all", EVSEAL_FAULTS_TABLE: table },
    stdio: ["ignore", "inherit", "inherit"],
  },
);

const lines = existsSync(table) ? readFileSync(table, "utf8").split("\n").slice(0, -1) : [];
const campaigns = lines.map((line) => JSON.parse(line));
const tests = existsSync(summary) ? JSON.parse(readFileSync(summary, "utf8")) : undefined;
rmSync(folder, { recursive: true });

const width = Math.max(8, ...campaigns.map(({ name }) => name.length));
const row = (name, ...columns) =>
  console.log([name.padEnd(width), ...columns.map((text) => text.padStart(13))].join(""));
console.log();
row("campaign", "runs", "not reached", "violations", "seconds");
const inSeconds = (ms) => String(Math.round(ms / 1000));
for (const { name, runs, notReached = 0, violations, tookMs } of campaigns) {
  row(name, String(runs), String(notReached), String(violations.length), inSeconds(tookMs));
}
const sum = (of) => String(campaigns.reduce((total, each) => total + of(each), 0));
row(
  "all",
  sum(({ runs }) => runs),
  sum(({ notReached = 0 }) => notReached),
  sum(({ violations }) => violations.length),
  inSeconds(campaigns.reduce((total, { tookMs }) => total + tookMs, 0)),
);
for (const { name, violations } of campaigns) for (const violation of violations) console.log(`${name}: ${violation}`);
if (tests) {
  const { numPassedTests, numFailedTests, numPendingTests } = tests;
  console.log(`\ntests: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
// What this machine lacks a program or a right for was left out, and is no success (without -t nothing else is skipped).
const leftOut = (tests?.testResults ?? [])
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status, fullName }) => status !== "passed" && fullName.includes("[SKIPPED"));
for (const { fullName } of leftOut) console.log(`left out: ${fullName}`);
const violated = campaigns.some(({ violations }) => violations.length > 0);
process.exitCode = status === 0 && campaigns.length > 0 && !violated && leftOut.length === 0 ? 0 : 1;
