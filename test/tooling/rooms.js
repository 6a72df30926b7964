// `npm run rooms`: holds src and bin against dependency-rules.cjs. Usage: node test/tooling/rooms.js [ROOT]
// Exits 1 with a line for every violation, and 2 when a source file was not looked at: a cruise that sees nothing
// finds nothing.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const root = path.resolve(process.argv[2] ?? project);
const tops = ["src", "bin"].filter((top) => existsSync(path.join(root, top)));

const rules = path.join(project, "test/tooling/dependency-rules.cjs");
const cruise = spawnSync("depcruise", ["--config", rules, "--output-type", "json", ...tops], {
  cwd: root,
  env: { ...process.env, PATH: `${project}node_modules/.bin:${process.env.PATH}` },
  encoding: "utf8",
  maxBuffer: 2 ** 28,
});
if (tops.length === 0 || !cruise.stdout) {
  console.error(`no cruise took place in ${root}\n${cruise.stderr}`);
  process.exit(2);
}

const { modules, summary } = JSON.parse(cruise.stdout);
const seen = new Set(modules.map((module) => module.source));
const sources = tops.flatMap((top) =>
  readdirSync(path.join(root, top), { recursive: true })
    .map((name) => `${top}/${name}`)
    .filter((name) => /\.[jt]s$/.test(name)),
);
const unseen = sources.filter((source) => !seen.has(source));
if (sources.length === 0 || unseen.length > 0) {
  console.error(`not looked at: ${unseen.join(", ") || "anything"}`);
  process.exit(2);
}

const reasons = new Map((summary.ruleSetUsed?.forbidden ?? []).map((rule) => [rule.name, rule.comment]));
for (const { rule, from, to } of summary.violations) {
  console.log(`${rule.name}: ${from} → ${to} (${reasons.get(rule.name)})`);
}
console.log(`${sources.length} files, ${summary.violations.length} violations`);
process.exit(summary.violations.length === 0 ? 0 : 1);
