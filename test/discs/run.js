// `npm run test:discs`: every test of test/discs with full counts, and a table of what its campaigns found. Exits 1 on any
// failure, and where this machine lacks what a test needs. A test file that is added to the folder is part of it: it asks
// `whole` of campaign.ts whether it was meant, and gets into the table by `record`. `-- -t blocks` runs those so named.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const project = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), "evseal-discs-"));
const table = path.join(folder, "table.jsonl");
const summary = path.join(folder, "tests.json");

const { status } = spawnSync(
  "npx",
  [
    ...["vitest", "run", "--config", "test/tooling/vitest.config.ts", "--maxWorkers=2"],
    ...["--reporter=verbose", "--reporter=json", `--outputFile.json=${summary}`, "test/discs"],
    ...process.argv.slice(2),
  ],
  {
    cwd: project,
    env: { ...process.env, EVSEAL_DISCS: "all", EVSEAL_FAULTS_TABLE: table },
    stdio: ["ignore", "inherit", "inherit"],
  },
);

const lines = existsSync(table) ? readFileSync(table, "utf8").split("\n").slice(0, -1) : [];
const campaigns = lines.map((line) => JSON.parse(line));
const tests = existsSync(summary) ? JSON.parse(readFileSync(summary, "utf8")) : undefined;
rmSync(folder, { recursive: true });

const width = Math.max(8, ...campaigns.map(({ name }) => name.length));
console.log(`\n${"campaign".padEnd(width)}${"runs".padStart(7)}${"seconds".padStart(9)}  result`);
for (const { name, runs, violations, result = "", tookMs } of campaigns) {
  const said = violations.length > 0 ? `${violations.length} VIOLATIONS` : result;
  const seconds = Math.round(tookMs / 1000).toString();
  console.log(`${name.padEnd(width)}${runs.toString().padStart(7)}${seconds.padStart(9)}  ${said}`);
}
for (const { name, violations } of campaigns) for (const violation of violations) console.log(`${name}: ${violation}`);
if (tests) {
  const { numPassedTests, numFailedTests, numPendingTests } = tests;
  console.log(`\ntests: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
const leftOut = (tests?.testResults ?? [])
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status, fullName }) => status !== "passed" && fullName.includes("[SKIPPED"));
for (const { fullName } of leftOut) console.log(`left out: ${fullName}`);
const violated = campaigns.some(({ violations }) => violations.length > 0);
process.exitCode = status === 0 && campaigns.length > 0 && !violated && leftOut.length === 0 ? 0 : 1;
