import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { patchedProgram } from "../cli/patched-program.js";

const project = fileURLToPath(new URL("../..", import.meta.url));
const { PATH = "" } = process.env;

/** Keys and programs for everybody, below `place`; `missing` says of a need why it is not met, or nothing. */
export function setUpLab(place) {
  const homes = { sender: `${place}/sender`, receiver: `${place}/receiver`, hybrid: `${place}/hybrid` };
  const evseal = [process.execPath, `${project}bin/evseal.cjs`];
  const ask = (home, ...words) => JSON.parse(run([...evseal, ...words, "--json"], { EVSEAL_HOME: home }));
  for (const [unit, home] of Object.entries(homes)) {
    ask(home, "keygen", "--unit", unit, "--no-passphrase", ...(unit === "hybrid" ? [] : ["--classic"]));
  }
  const trust = (who, whom) => {
    const card = ask(homes[whom], "card", "--out", `${place}/${whom}-for-${who}.card.json`);
    ask(homes[who], "contacts", "add", `${place}/${whom}-for-${who}.card.json`, "--fingerprint", card.fingerprint);
    return card.recipient;
  };
  trust("receiver", "sender");
  const [RECIPIENT, HYBRID] = [trust("sender", "receiver"), trust("sender", "hybrid")];

  const sevenZip = ["7zz", "7z", "7za"].find(isInstalled);
  const age13 = [`${process.env.EVSEAL_TEST_AGE13}/age`, "age"].find(knowsHybridKeys);
  const env = {
    ...{ PATH, HOME: place, LC_ALL: "C.UTF-8", NODE: process.execPath, CORES: String(os.availableParallelism()) },
    ...{ RECIPIENT, IDENTITY: `${homes.receiver}/receiving.age`, GNUPGHOME: `${place}/gnupg` },
    ...{ SIGNING_KEY: `${place}/minisign.key`, PUBLIC_KEY: `${place}/minisign.pub` },
    ...{ AGE13: age13 ?? "", HYBRID, HYBRID_IDENTITY: `${homes.hybrid}/receiving.age` },
  };
  if (isInstalled("minisign")) run(["minisign", "-G", "-W", "-p", env.PUBLIC_KEY, "-s", env.SIGNING_KEY], env);
  if (isInstalled("gpg")) {
    mkdirSync(env.GNUPGHOME, { mode: 0o700 });
    run(["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "bench", "default", "default", "never"], env);
  }

  // evseal itself has no such switch; the manifests of this copy go on to claim a read-back.
  const call = "await readBackMedia(media, spread, watch);";
  const copy = patchedProgram(`${place}/without-read-back`, "dist/sealing/seal-media.js", call, "");
  const withoutReadBack = [process.execPath, copy];
  const lab = { place, homes, evseal, withoutReadBack, sevenZip, password: "a password for the bench", env };
  const special = {
    "7-Zip": sevenZip !== undefined,
    "age 1.3": age13 !== undefined,
  };
  const isMet = (need) => special[need] ?? isInstalled(need);
  lab.missing = (needs = []) => needs.filter((need) => !isMet(need)).join(", ") || undefined;
  lab.close = () => isInstalled("gpgconf") && run(["gpgconf", "--kill", "gpg-agent"], env);
  return lab;
}

function isInstalled(program) {
  return PATH.split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function knowsHybridKeys(age) {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(spawnSync(age, ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 3);
}

function run([program, ...args], env) {
  const { status, stdout, stderr } = spawnSync(program, args, { env: { PATH, ...env }, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}
