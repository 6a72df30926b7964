// `npm run bench`: evseal and its peers pack and open the same data in turns, and what each made is opened and compared.
// Options: --quick (tiny data), --rounds N, --case NAME (repeatable), --huge (20 GB), --many (100,000 files),
// --cold (as root: nothing in memory before a run), --dir FOLDER, --seed TEXT, --json FILE.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { judge } from "./acceptance.js";
import { casesFor } from "./cases.js";
import { setUpLab } from "./lab.js";
import { machineFacts } from "./machine.js";
import { tryStartUp } from "./start-up.js";
import { summarised } from "./statistics.js";
import { asText } from "./table.js";
import { tryCase } from "./trial.js";

const flag = { type: "boolean", default: false };
const { values: asked } = parseArgs({
  options: {
    ...{ quick: flag, huge: flag, many: flag, cold: flag, json: { type: "string" }, rounds: { type: "string" } },
    ...{ case: { type: "string", multiple: true }, seed: { type: "string", default: "evseal" } },
    dir: { type: "string", default: tmpdir() },
  },
});
const rounds = Number(asked.rounds ?? (asked.quick ? 2 : 5));
if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number from 1 on");

const all = casesFor(asked);
const unknown = (asked.case ?? []).filter((name) => name !== "start" && !all.some((each) => each.name === name));
if (unknown.length > 0) throw new Error(`there is no case ${unknown.join(", ")}`);
const isWanted = ({ name, optional }) => asked[name] || (asked.case ? asked.case.includes(name) : !optional);
const cases = all.filter(isWanted);

const say = (what) => process.stderr.write(`${what}\n`);
const place = mkdtempSync(path.join(asked.dir, "evseal-bench-"));
const report = {
  machine: {
    ...machineFacts(place),
    "page cache": asked.cold
      ? "dropped before every run"
      : "what is read is in memory before every run, where a third of it holds that and no row says otherwise",
  },
  ...{ seed: asked.seed, quick: asked.quick, cases, rows: [], missing: [] },
};
let lab;
try {
  lab = setUpLab(place);
  if (isWanted({ name: "start" })) report.rows.push(...(await tryStartUp(lab, rounds)).map(summarised));
  for (const each of cases) {
    const { rows, missing } = await tryCase(each, lab, { cold: asked.cold, seed: asked.seed, rounds, say });
    report.rows.push(...rows.map(summarised));
    report.missing.push(...missing);
  }
} finally {
  lab?.close();
  rmSync(place, { recursive: true, force: true });
}
report.acceptance = judge(report.rows);
process.stdout.write(asText(report));
if (asked.json) writeFileSync(asked.json, `${JSON.stringify(report, null, 2)}\n`);
