// `node test/discs/recovery-data.js [MIB [BLOCKS]]`: what PAR2 recovery data over a sealed file costs and repairs, beside a copy of
// the same file and its SHA-256, in one run. Needs par2 and GNU time. For docs/RESILIENCE.md; nothing of evseal uses it.
import { execFileSync, spawnSync } from "node:child_process";
import { Buffer } from "node:buffer";
import { randomFillSync, randomInt } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const mib = 1024 * 1024;
const [sizeMiB = 64, blocks = 2000] = process.argv.slice(2).map(Number); // 2000 blocks is what par2 takes unless told
const damagedBytes = 2048; // a sector: small beside a block, as 32 KiB are beside the blocks of a whole DVD
const redundancies = [5, 10];

const folder = mkdtempSync(path.join(tmpdir(), "evseal-par2-"));
const file = path.join(folder, "EV-7K3Q-9M2X-TB4H.evseal"); // sealed bytes look like random ones
const written = openSync(file, "wx");
for (let at = 0; at < sizeMiB; at++) writeSync(written, randomFillSync(Buffer.alloc(mib)));
closeSync(written);

/** Wall seconds, CPU seconds, the most memory in MiB, and whether it ended with 0. */
function measured(program, ...args) {
  const { status, stderr } = spawnSync("/usr/bin/time", ["-f", "%e %U %S %M", program, ...args], { encoding: "utf8" });
  const [wall, user, system, peakKiB] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { wall, cpu: user + system, peakMiB: Math.round(peakKiB / 1024), isDone: status === 0 };
}

function show(what, { wall, cpu, peakMiB, isDone }) {
  const perGiB = (seconds) => ((seconds * 1024) / sizeMiB).toFixed(1).padStart(9);
  console.log(
    `${what.padEnd(46)}${perGiB(wall)}${perGiB(cpu)}${String(peakMiB).padStart(8)}${isDone ? "" : "  failed"}`,
  );
}

function recoveryFiles() {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".par2"))
    .map((name) => path.join(folder, name));
}

/** Overwrites `count` places of the size of a disc's block in `target`, anywhere. */
function damage(target, count) {
  const descriptor = openSync(target, "r+");
  const { size } = statSync(target);
  for (let done = 0; done < count; done++) {
    writeSync(descriptor, randomFillSync(Buffer.alloc(damagedBytes)), 0, damagedBytes, randomInt(size - damagedBytes));
  }
  closeSync(descriptor);
}

console.log(`${sizeMiB} MiB${" ".repeat(39)}wall s/GiB CPU s/GiB  MiB`);
show("cp and sync", measured("sh", "-c", `cp '${file}' '${file}.copy' && sync '${file}.copy'`));
show("sha256sum", measured("sha256sum", file));
for (const redundancy of redundancies) {
  const options = ["-q", "-q", `-b${blocks}`, `-r${redundancy}`, "-n1"];
  show(`par2 create, ${blocks} blocks, ${redundancy} %`, measured("par2", "create", ...options, file));
  const index = recoveryFiles().find((name) => !name.includes(".vol"));
  const added = recoveryFiles().reduce((total, name) => total + statSync(name).size, 0);
  console.log(`  adds ${((100 * added) / statSync(file).size).toFixed(1)} %`);
  show("par2 verify", measured("par2", "verify", "-q", "-q", index));
  const repairable = Math.floor((blocks * redundancy) / 100);
  for (const count of [1, Math.floor(repairable / 2), Math.floor(0.9 * repairable), repairable + 1]) {
    damage(file, count);
    const repair = measured("par2", "repair", "-q", "-q", index);
    const isSame = repair.isDone && execFileSync("cmp", ["-s", file, `${file}.copy`]).length === 0;
    show(`par2 repair of ${count} damaged places: ${isSame ? "repaired" : "not repaired"}`, repair);
    execFileSync("cp", [`${file}.copy`, file]);
    for (const name of readdirSync(folder)) if (/\.\d+$/.test(name)) rmSync(path.join(folder, name));
  }
  for (const name of recoveryFiles()) rmSync(name);
}
rmSync(folder, { recursive: true });
