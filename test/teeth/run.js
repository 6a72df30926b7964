// `npm run test:teeth`: breaks evseal on purpose, one thing at a time, and sees the test that must notice it fail. Exits 1
// when a broken build gets through or a patch no longer applies. Usage: node test/teeth/run.js [PART OF A NAME]
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "evseal-teeth-"));
const table = path.join(folder, "table.jsonl");
const vitest = ["vitest", "run", "--config", "test/tooling/vitest.config.ts", "--reporter=verbose", "test/teeth"];
const { status } = spawnSync("npx", vitest, {
  cwd: project,
  env: { ...process.env, EVSEAL_TEETH_TABLE: table, EVSEAL_TEETH: process.argv[2] ?? "" },
  stdio: ["ignore", "inherit", "inherit"],
});
const lines = existsSync(table) ? readFileSync(table, "utf8").split("\n").slice(0, -1) : [];
rmSync(folder, { recursive: true });

const rows = lines.map((line) => JSON.parse(line));
const width = Math.max(0, ...rows.map(({ name }) => name.length));
console.log(`\n${"a build that".padEnd(width)}  seconds  is caught by`);
for (const { name, verdict, seconds, test, title } of rows) {
  const by = verdict === "caught" ? `${test}: ${title}` : `(${verdict})`;
  console.log(`${name.padEnd(width)}  ${seconds.toFixed(1).padStart(7)}  ${by}`);
}
const caught = rows.filter(({ verdict }) => verdict === "caught").length;
console.log(`\n${rows.length} broken builds, ${caught} caught`);
process.exitCode = status === 0 && caught > 0 ? 0 : 1;
