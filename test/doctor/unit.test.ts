/** What is said of a unit by its home: keys, cards, policy and leftovers, good and bad. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { examineUnit } from "../../src/doctor/examine.js";
import { Home } from "../../src/keys/home.js";
import { makeUnit, run, scratchFolder } from "../cli/run.js";

let scratch: string;
let home: string;
beforeEach(() => {
  scratch = scratchFolder();
  home = path.join(scratch, "home");
});

const inHome = (name: string): string => path.join(home, name);

/** How much failed, the state of each finding by its name, and what was said. */
async function examine(
  outDir?: string,
): Promise<{ failed: number; states: Record<string, string>; details: readonly string[] }> {
  const { findings } = await examineUnit(Home.at(home), outDir, new Date());
  return {
    failed: findings.filter(({ state }) => state === "failed").length,
    states: Object.fromEntries(findings.map(({ check, state }) => [check, state])),
    details: findings.map(({ detail }) => detail),
  };
}

describe("a unit's keys", () => {
  test("under a passphrase and for their owner alone are in order; read by others they are not", async () => {
    const words = ["keygen", "--unit", "Force A", "--classic", "--passphrase-fd", "3"];
    expect((await run(words, { home, fds: { 3: "correct horse battery" } })).code).toBe(0);
    expect(await examine()).toMatchObject({
      failed: 0,
      states: { home: "ok", "receiving key": "ok", "signing key": "ok", "own card": "ok", clock: "ok" },
    });
    for (const name of ["receiving.age", "signing.key"]) chmodSync(inHome(name), 0o640);
    expect(await examine()).toMatchObject({
      failed: 0,
      states: { "receiving key": "warning", "signing key": "warning" },
    });
  });

  test("without a passphrase are a warning, and a failure where others can read them", async () => {
    await makeUnit(home, "Force A");
    expect(await examine()).toMatchObject({
      failed: 0,
      states: { "receiving key": "warning", "signing key": "warning" },
    });
    chmodSync(inHome("signing.key"), 0o604);
    expect(await examine()).toMatchObject({
      failed: 1,
      states: { "receiving key": "warning", "signing key": "failed" },
    });
  });

  test("damaged, behind a link or missing are told apart", async () => {
    await makeUnit(home, "Force A");
    writeFileSync(inHome("receiving.age"), "AGE-SECRET-KEY-1BROKEN\n");
    renameSync(inHome("signing.key"), path.join(scratch, "elsewhere"));
    expect(await examine()).toMatchObject({
      failed: 1,
      states: { "receiving key": "failed", "signing key": "warning" },
    });
    symlinkSync(path.join(scratch, "elsewhere"), inHome("signing.key"));
    expect((await examine()).states).toMatchObject({ "signing key": "failed" });
  });

  test("and what decides whom to trust must not be others' to change", async () => {
    await makeUnit(home, "Force A");
    mkdirSync(inHome("contacts"), { mode: 0o700 });
    writeFileSync(inHome("policy.json"), '{"format":"evseal/policy/v1"}', { mode: 0o600 });
    const good = { home: "ok", "contacts folder": "ok", "policy file": "ok" };
    expect((await examine()).states).toMatchObject(good);
    for (const [check, file] of [
      ["home", home],
      ["contacts folder", inHome("contacts")],
      ["policy file", inHome("policy.json")],
    ] as const) {
      const { mode } = statSync(file);
      chmodSync(file, mode | 0o020);
      expect(await examine()).toMatchObject({ failed: 1, states: { ...good, [check]: "failed" } });
      chmodSync(file, mode);
    }
  });
});

describe("a unit's papers", () => {
  const today = new Date().toISOString().slice(0, 10);
  const inDays = (days: number): string => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const keygen = ["keygen", "--unit", "Force A", "--classic", "--no-passphrase"];

  test("a card that soon expires is a warning, and one that cannot be read a failure", async () => {
    expect((await run([...keygen, "--expires", inDays(20)], { home })).code).toBe(0);
    expect(await examine()).toMatchObject({ failed: 0, states: { "own card": "warning" } });
    writeFileSync(inHome("card.json"), "{}");
    expect(await examine()).toMatchObject({ failed: 1, states: { "own card": "failed" } });
  });

  test("a policy that cannot be read, or that nobody can keep, fails", async () => {
    await makeUnit(home, "Force A");
    const policy = (more: object): void => {
      writeFileSync(inHome("policy.json"), JSON.stringify({ format: "evseal/policy/v1", ...more }));
    };
    policy({ maxKeyAgeDays: 700 });
    expect(await examine()).toMatchObject({ failed: 0, states: { policy: "ok" } });
    policy({ recoveryRecipient: { unit: "Recovery", fingerprint: "ab".repeat(32) } });
    expect(await examine()).toMatchObject({ failed: 1, states: { policy: "failed" } });
    policy({ nonsense: 1 });
    expect(await examine()).toMatchObject({ failed: 1, states: { policy: "failed" } });
  });

  test("what interrupted runs have left is a warning, in the home and in the folder that is named", async () => {
    await makeUnit(home, "Force A");
    expect((await examine()).states).toMatchObject({ leftovers: "ok" });
    const out = path.join(scratch, "out");
    mkdirSync(path.join(out, ".EV-0000-0000-0000.opened.partial"), { recursive: true });
    expect((await examine()).states).toMatchObject({ leftovers: "ok" });
    const { states, details } = await examine(out);
    expect(states).toMatchObject({ leftovers: "warning" });
    expect(details).toContain(
      "interrupted runs have left 1 hidden file or folder, 1 of them with evidence in the clear",
    );
    copyFileSync(inHome("card.json"), inHome(".card.json.partial"));
    expect((await examine()).states).toMatchObject({ leftovers: "warning" });
    expect(await examine(path.join(scratch, "nowhere"))).toMatchObject({
      failed: 1,
      states: { leftovers: "failed" },
    });
  });
});
