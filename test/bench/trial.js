import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { measure } from "./measure.js";
import { openers } from "./openers.js";
import { packers } from "./packers.js";
import { bytesBelow, digestOfTree, filesBelow, forget, warm, writeSources } from "./sources.js";

/**
 * So many opened files stay until their case is over: ext4 passes by every inode that was freed in the last minutes
 * (Linux, fs/ext4/ialloc.c, recently_deleted), and whoever comes next would wait for those of the one before.
 */
const freedSlowlyFrom = 1000;

/** Everything about one case: { rows, missing }. All that it wrote is gone afterwards. */
export async function tryCase(bench, lab, { rounds, cold, seed, say }) {
  const folder = path.join(lab.place, bench.name);
  const source = path.join(folder, "source");
  mkdirSync(source, { recursive: true });
  say(`${bench.title}: writing`);
  writeSources(source, bench, seed);
  const files = filesBelow(source);
  const batch = Math.min(500, Math.ceil(files.length / (4 * os.availableParallelism())));
  const small = bench.note ? "note.txt" : bench.bytesEach <= 65_536 ? files[0] : undefined;
  const place = { folder, source, files, small, batch, cold, digest: digestOfTree(source), bytes: bytesBelow(source) };

  const ours = ({ name }) => bench.peers || /^evseal( verify| list| open.*|, read-back off)?$/.test(name);
  const isFor = ({ leaves, fromDisk }) => (small || leaves !== "small") && (bench.fromDisk || !fromDisk);
  const asked = [packers.filter(ours), openers.filter((opener) => ours(opener) && isFor(opener))];
  const [packing, opening] = asked.map((all) => all.filter(({ needs }) => !lab.missing(needs)));
  const packed = new Set(packing.map(({ name }) => name));
  const able = opening.filter(({ sealedBy }) => packed.has(sealedBy));
  const count = Math.min(rounds, bench.maxRounds ?? rounds);
  const rows = [
    ...(await alternately(packing, count, (packer, round) => tryPacking(packer, place, lab, round, count, say))),
    ...(await alternately(able, count, (opener, round) => tryOpening(opener, place, lab, round, say))),
  ];
  rmSync(folder, { recursive: true });
  const without = (job) => ({ name, needs }) => ({ case: bench.name, job, name, why: lab.missing(needs) }); // prettier-ignore
  const missing = asked[0].map(without("pack")).filter(({ why }) => why);
  const also = asked[1].filter(({ sealedBy }) => !packed.has(sealedBy));
  missing.push(
    ...also.map(({ name, sealedBy }) => ({ case: bench.name, job: "open", name, why: `${sealedBy} is missing` })),
  );
  return { rows: rows.map((row) => ({ case: bench.name, bytes: place.bytes, files: files.length, ...row })), missing };
}

/** Runs each once a round, and each round beginning with another of them. */
async function alternately(contenders, rounds, run) {
  const costs = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + round) % contenders.length;
      costs[index].push(await run(contenders[index], round));
    }
  }
  const jobOf = ({ provenBy }) => (provenBy === undefined ? "open" : "pack");
  return contenders.map((contender, index) => ({ job: jobOf(contender), name: contender.name, costs: costs[index] }));
}

/** The first round's output is opened and compared; the last round's is kept, if somebody is to be timed opening it. */
async function tryPacking({ name, provenBy, steps }, place, lab, round, rounds, say) {
  say(`pack, round ${round + 1}: ${name}`);
  const job = { ...place, sealed: emptied(place.folder, "sealed", name) };
  const cost = await timed(steps(job, lab), job, lab, lab.homes.sender, job.source);
  say(`  ${cost.seconds.toFixed(2)} s`);
  if (round === 0)
    await openAndProve(
      openers.find((opener) => opener.name === provenBy),
      job,
      lab,
    );
  const isWanted = openers.some(({ sealedBy }) => sealedBy === name);
  if (round < rounds - 1 || !isWanted) rmSync(job.sealed, { recursive: true });
  return cost;
}

async function tryOpening(opener, place, lab, round, say) {
  say(`open, round ${round + 1}: ${opener.name}`);
  const job = { ...place, sealed: path.join(place.folder, "sealed", opener.sealedBy) };
  const cost = await openAndProve(opener, job, lab);
  say(`  ${cost.seconds.toFixed(2)} s`);
  return cost;
}

async function openAndProve(opener, place, lab) {
  const { fromDisk } = opener;
  const job = { ...place, fromDisk, opened: mkdtempSync(path.join(place.folder, "opened-")) };
  const cost = await timed(opener.steps(job, lab), job, lab, lab.homes.receiver, job.sealed);
  prove(opener, job, cost.said);
  if (place.files.length < freedSlowlyFrom) rmSync(job.opened, { recursive: true });
  return cost;
}

/** Throws unless what was opened is, to the byte, what was packed. */
function prove({ name, leaves, says }, job, said) {
  if (says && !says(JSON.parse(said), job)) throw new Error(`${name} gave a wrong answer`);
  if (!leaves) return;
  const [inPackage = ""] = readdirSync(job.opened).filter((entry) => entry.startsWith("EV-"));
  const found = digestOfTree(inPackage ? path.join(job.opened, inPackage, "media", "source") : job.opened);
  const wanted = leaves === "all" ? job.digest : lineOf(job.digest, job.small);
  if (found !== wanted) throw new Error(`${name}: what it opened is not what was packed, in ${job.opened}`);
}

const lineOf = (digest, file) => `${digest.split("\n").find((line) => line.endsWith(` ${file}`))}\n`;

/** With nothing of the last run left to be written, and what is to be read in memory, or nothing of it. */
async function timed(steps, { source, sealed, opened, batch, folder, cold, fromDisk, bytes }, lab, home, input) {
  const scratch = emptied(folder, "scratch");
  const { status } = spawnSync("sync", ["-f", folder]);
  if (status !== 0) throw new Error(`sync ended with ${status}`);
  if (cold) writeFileSync("/proc/sys/vm/drop_caches", "3");
  else if (fromDisk) forget(input);
  else if (bytes < os.totalmem() / 3) warm(input);
  const where = { SOURCE: source, SEALED: sealed, OPENED: opened ?? "", SCRATCH: scratch, BATCH: String(batch) };
  return measure(steps, { ...lab.env, ...where, EVSEAL_HOME: home });
}

function emptied(...names) {
  const folder = path.join(...names);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
