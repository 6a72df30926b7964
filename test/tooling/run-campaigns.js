// Runs whole campaigns of tests, and prints a table of what came of them. `npm run test:faults` and `npm run test:discs`
// are this for their folders. Exits 1 on any violation, on any other failure, and where this machine lacks what a test
// needs. What follows `--` goes to vitest: `-- -t SIGKILL` runs those whose names say so.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** `variable` is what makes these tests whole; they record what came of them as `test/faults/campaign.ts` does. */
export function runCampaigns(variable, tests) {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-campaigns-"));
  const table = path.join(folder, "table.jsonl");
  const summary = path.join(folder, "tests.json");
  const { status } = spawnSync(
    "npx",
    [
      ...["vitest", "run", "--config", "test/tooling/vitest.config.ts", "--maxWorkers=2"],
      ...["--reporter=verbose", "--reporter=json", `--outputFile.json=${summary}`],
      ...tests,
      ...process.argv.slice(2),
    ],
    {
      cwd: project,
      env: { ...process.env, [variable]: "all", EVSEAL_FAULTS_TABLE: table },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const lines = existsSync(table) ? readFileSync(table, "utf8").split("\n").slice(0, -1) : [];
  const campaigns = lines.map((line) => JSON.parse(line));
  const results = existsSync(summary) ? JSON.parse(readFileSync(summary, "utf8")) : undefined;
  rmSync(folder, { recursive: true });

  show(campaigns);
  const leftOut = results === undefined ? [] : tell(results);
  const isViolated = campaigns.some(({ violations }) => violations.length > 0);
  process.exitCode = status === 0 && campaigns.length > 0 && !isViolated && leftOut.length === 0 ? 0 : 1;
}

function show(campaigns) {
  const width = Math.max(8, ...campaigns.map(({ name }) => name.length));
  const row = (name, columns, result = "") =>
    console.log(
      `${name.padEnd(width)}${columns.map((text) => String(text).padStart(13)).join("")}  ${result}`.trimEnd(),
    );
  const inSeconds = (ms) => Math.round(ms / 1000);
  console.log();
  row("campaign", ["runs", "not reached", "violations", "seconds"]);
  for (const { name, runs, notReached = 0, violations, tookMs, result } of campaigns) {
    row(name, [runs, notReached, violations.length, inSeconds(tookMs)], result);
  }
  const sum = (of) => campaigns.reduce((total, each) => total + of(each), 0);
  row("all", [
    sum(({ runs }) => runs),
    sum(({ notReached = 0 }) => notReached),
    sum(({ violations }) => violations.length),
    inSeconds(sum(({ tookMs }) => tookMs)),
  ]);
  for (const { name, violations } of campaigns)
    for (const violation of violations) console.log(`${name}: ${violation}`);
}

/** What this machine lacks a program or a right for was left out, and is no success (without -t nothing else is skipped). */
function tell({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
  console.log(`\ntests: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  const leftOut = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, fullName }) => status !== "passed" && fullName.includes("[SKIPPED"));
  for (const { fullName } of leftOut) console.log(`left out: ${fullName}`);
  return leftOut;
}
