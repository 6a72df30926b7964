// `npm run demo`: two units exchange cards, one seals fixtures/interview to the other, and what comes out is compared
// with what went in. Runs the built program, or the one that EVSEAL_TEST_PROGRAM names, as a person would, in a folder
// that is kept; needs no terminal.
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const place = mkdtempSync(path.join(tmpdir(), "evseal-demo-"));
const sender = { unit: "GMP Sexual Offences Unit", home: "gmp" };
const receiver = { unit: "SCAS", home: "scas" };

const { EVSEAL_TEST_PROGRAM: singleFile } = process.env;
const [file, ...firstWords] = singleFile ? [singleFile] : [process.execPath, `${project}bin/evseal.cjs`];

const sh = (word) => (/^[\w./@:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function run(unit, words, stdout) {
  const { PATH, TERM, NO_COLOR } = process.env;
  return spawnSync(file, [...firstWords, ...words], {
    cwd: place,
    env: { PATH, TERM, NO_COLOR, EVSEAL_HOME: unit.home },
    stdio: ["ignore", stdout, "inherit"],
    encoding: "utf8",
  });
}

/** Shows a command as it is typed, runs it, and ends the demo unless it exits as it should. */
function type(unit, words, expectedExit = 0) {
  console.log(`\n$ EVSEAL_HOME=${unit.home} evseal ${words.map(sh).join(" ")}`);
  const { status } = run(unit, words, "inherit");
  if (status !== expectedExit) fail(`that should have ended with exit code ${expectedExit}, not ${status}`);
}

/** What a script reads where a person would listen or look. */
function ask(unit, words) {
  return JSON.parse(run(unit, [...words, "--json"], "pipe").stdout);
}

function fail(what) {
  console.error(`\nThe demo failed: ${what}. Its files are in ${place}`);
  process.exit(1);
}

function hashesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => path.join(file.parentPath, file.name));
  return new Map(
    paths.map((file) => [path.relative(folder, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}

const step = (text) => console.log(`\n── ${text}`);

step("Two units. The first has an interview: real media, made for this demo.");
cpSync(`${project}fixtures/interview`, `${place}/interview`, { recursive: true });
mkdirSync(`${place}/to-burn`);
mkdirSync(`${place}/opened`);
for (const { home } of [sender, receiver]) {
  writeFileSync(`${place}/${home}.passphrase`, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
}
console.log(`\n$ cd ${place}\n$ ls\n${readdirSync(place).join("  ")}`);

step("Each makes its keys, and a card for the other. At a terminal evseal asks for the passphrase instead.");
for (const unit of [sender, receiver]) {
  type(unit, ["keygen", "--unit", unit.unit, "--passphrase-file", `${unit.home}.passphrase`]);
  type(unit, ["card", "--out", `${unit.home}.card.json`, "--quiet"]);
}

step("They ring each other. One reads out the twelve words of its card, the other types them.");
type(sender, ["contacts", "add", "scas.card.json", "--fingerprint", ask(receiver, ["card"]).words]);
type(receiver, ["contacts", "add", "gmp.card.json", "--fingerprint", ask(sender, ["card"]).words]);

step("The sender seals the interview to the receiver.");
const record = ["--case", "GMP/2026/0117", "--exhibit", "LH/1", "--officer", "DC 4411"];
const packing = ["pack", "interview", "--to", receiver.unit, "--out", "to-burn", ...record];
type(sender, [...packing, "--passphrase-file", "gmp.passphrase"]);
const [seal] = readdirSync(`${place}/to-burn`);

step("Is anything in the clear on what will be burned? The gate says no, even to one forgotten file.");
cpSync(`${place}/interview/markers.txt`, `${place}/to-burn/markers.txt`);
console.log("\n$ cp interview/markers.txt to-burn/");
type(sender, ["check", "to-burn"], 3);
rmSync(`${place}/to-burn/markers.txt`);
console.log("\n$ rm to-burn/markers.txt");
type(sender, ["check", "to-burn"]);
console.log(`\n$ ls to-burn/${seal}\n${readdirSync(`${place}/to-burn/${seal}`).join("\n")}`);

step("The receiver proves whose it is, looks inside, and opens it.");
type(receiver, ["verify", `to-burn/${seal}`]);
type(receiver, ["list", `to-burn/${seal}`, "--passphrase-file", "scas.passphrase"]);
type(receiver, ["open", `to-burn/${seal}`, "--out", "opened", "--passphrase-file", "scas.passphrase"]);

step("What came out, beside what went in (SHA-256):");
const sources = hashesBelow(`${project}fixtures/interview`);
const opened = hashesBelow(`${place}/opened/${seal}.opened/media/interview`);
for (const [name, hash] of sources) {
  const same = opened.get(name) === hash;
  console.log(`${same ? "same" : "DIFFERENT"}  ${hash.slice(0, 16)}…  ${name}`);
  if (!same) fail(`${name} differs`);
}
if (sources.size === 0 || sources.size !== opened.size) fail("not the same set of files");

console.log(`
All ${sources.size} files are the same.
the package to burn   ${place}/to-burn/${seal}
what was opened       ${place}/opened/${seal}.opened/media`);
