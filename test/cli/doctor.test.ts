/** doctor as a technician and a script run it: what it says of a unit, its exit codes, and the report that it writes. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { patchedProgram } from "./patched-program.js";
import { errorOf, makeUnit, run, scratchFolder, singleFile, type RunOptions } from "./run.js";

interface Told {
  readonly ok: boolean;
  readonly program: { readonly sha256?: string; readonly files?: number };
  readonly requirements: readonly { readonly id: string; readonly state: string }[];
  readonly findings: readonly { readonly check: string; readonly state: string; readonly detail: string }[];
}

let scratch: string;
let home: string;
beforeEach(() => {
  scratch = scratchFolder();
  home = path.join(scratch, "home");
});

const inHome = (name: string): string => path.join(home, name);

/** The exit code, the state of each finding by its name, and the whole document. */
async function examine(
  words: readonly string[] = [],
  options: Partial<RunOptions> = {},
): Promise<{ code: number | null; states: Record<string, string>; told: Told; stderr: string }> {
  const { code, stdout, stderr } = await run(["doctor", "--json", ...words], { home, ...options });
  const told = JSON.parse(stdout) as Told;
  const states = Object.fromEntries(told.findings.map(({ check, state }) => [check, state]));
  return { code, states, told, stderr };
}

describe("without a home", () => {
  test("it examines evseal and the machine, says that there are no keys, and succeeds", async () => {
    const { code, stdout, stderr } = await run(["doctor"], { home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^known answers {2}ok: 18 of 18 right/);
    expect(stdout).toContain("home           warning: this unit has no home yet, and so no keys\n");
    expect(stdout).toContain("               to do: run evseal keygen");
    expect(existsSync(home)).toBe(false);
  });

  test.skipIf(singleFile)("the digest of the program is what other programs make of its files", async () => {
    const { told } = await examine();
    const command = "find bin program package.json -type f | LC_ALL=C sort | xargs sha256sum | sha256sum";
    const root = fileURLToPath(new URL("../..", import.meta.url));
    expect(readFileSync(path.join(root, "docs", "DOCTOR.md"), "utf8")).toContain(`\n${command}\n`);
    const theirs = execFileSync("bash", ["-c", command], { cwd: root, encoding: "utf8" });
    expect(`${told.program.sha256 ?? ""}  -\n`).toBe(theirs);
  });
});

describe("with a home", () => {
  test("what failed in it ends with the unit's exit code, on the screen as in JSON, and steers no terminal", async () => {
    await makeUnit(home, "Force A");
    chmodSync(inHome("signing.key"), 0o604);
    mkdirSync(inHome("contacts"));
    writeFileSync(path.join(home, "contacts", "\u001b[2J\u202e.card.json"), "{}");
    const { code, stdout, stderr } = await run(["doctor"], { home });
    expect(code).toBe(5);
    expect(stdout).toMatch(/^contacts +FAILED: a file among the contacts is not a card\n +to do: take that file out/m);
    expect(stdout).toMatch(/^signing key +FAILED: no passphrase protects the key, and others can read it/m);
    expect(stderr).toContain("evseal: error UNIT_UNFIT: something must be put right here: 2 findings failed\n");
    expect(stdout + stderr).not.toMatch(/\p{Cc}(?<!\n)|\p{Bidi_Control}/u);
    const told = await examine();
    expect(told).toMatchObject({ code: 5, states: { "signing key": "failed", contacts: "failed", policy: "ok" } });
    expect(told.told.ok).toBe(false);
  });
});

describe("--report", () => {
  test("writes one file for the user alone, without a path, a secret or anything to load, and never over another", async () => {
    await makeUnit(home, "Force A & 'Interviews'");
    const file = path.join(scratch, "report.html");
    expect((await run(["doctor", "--report", file], { home })).code).toBe(0);
    const report = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(report).toContain("<td>Force A &amp; &#39;Interviews&#39;</td>");
    for (let number = 1; number <= 18; number++) expect(report).toContain(`<th scope="row">R${number}</th>`);
    expect(report).toContain(">PASSED<");
    const secrets = ["receiving.age", "signing.key"].flatMap((name) => readFileSync(inHome(name), "utf8").split("\n"));
    for (const secret of [...secrets.filter((line) => /^[A-Z]/.test(line)), scratch, "AGE-SECRET-KEY"]) {
      expect(report).not.toContain(secret);
    }

    const again = await run(["doctor", "--report", file, "--json"], { home });
    expect(errorOf(again)).toMatchObject({ code: "OUTPUT_EXISTS", exitCode: 8 });
    expect(readFileSync(file, "utf8")).toBe(report);
    symlinkSync(path.join(scratch, "target"), path.join(scratch, "link"));
    expect((await run(["doctor", "--report", path.join(scratch, "link")], { home })).code).toBe(8);
    expect(existsSync(path.join(scratch, "target"))).toBe(false);
  });

  test("of an evseal with a wrong answer says so, and so do the screen and the exit code", async () => {
    const digit = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const broken = patchedProgram(scratch, "dist/doctor/published-answers.js", digit, digit.replace("ba", "bb"));
    const file = path.join(scratch, "report.html");
    const { code, stdout, stderr } = await run(["doctor", "--report", file], { home, program: broken });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^known answers {2}FAILED: 17 of 18 right.*\n {15}R1: SHA-256 gives the published digests/);
    expect(stderr).toContain("evseal: error SELF_TEST_FAILED: ");
    const report = readFileSync(file, "utf8");
    expect(report).toContain(">FAILED<");
    expect(report.match(/NOT MET/g)).toHaveLength(1);
  });

  test("of an evseal whose functions are wrong says so as well", async () => {
    const right = 'return createHash("sha256").update(bytes).digest();';
    const wrong = right.replace("update(bytes)", 'update(bytes).update("x")');
    const broken = patchedProgram(scratch, "dist/crypto/digest.js", right, wrong);
    const { code, told } = await examine([], { program: broken });
    expect(code).toBe(1);
    expect(told.ok).toBe(false);
    expect(told.requirements.filter(({ state }) => state === "failed").map(({ id }) => id)).toContain("R1");
  });
});
