/** A unit's policy at work: what is refused, by which rule and with whose name, and what a guided person is asked. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { exitCodes, type ErrorCode } from "../../src/errors.js";
import { keys, runOnTerminal } from "./on-terminal.js";
import { errorOf, makeUnit, run, scratchFolder, type OwnCard, type RunResult } from "./run.js";
import { makeSealedPackage, type SealedPackage } from "./sealed-package.js";

const whoToAsk = "Information Security, extension 4410";

let made: SealedPackage;
let recovery: OwnCard;
beforeAll(async () => {
  made = await makeSealedPackage();
  recovery = await makeUnit(path.join(made.folder, "recovery"), "Recovery");
  const card = path.join(recovery.home, "card.json");
  await run(["contacts", "add", card, "--fingerprint", recovery.fingerprint], made.a);
});
afterAll(() => rmSync(made.folder, { recursive: true }));

let out = "";
beforeEach(() => {
  out = scratchFolder();
});

/** Puts a policy into the home of `unit`, until the test is over. */
function policy(content: object | string, { home }: { home: string } = made.a): void {
  const document = { format: "evseal/policy/v1", whoToAsk, ...(typeof content === "string" ? {} : content) };
  writeFileSync(path.join(home, "policy.json"), typeof content === "string" ? content : JSON.stringify(document));
  onTestFinished(() => rmSync(path.join(home, "policy.json"), { force: true }));
}

const partyOf = ({ unit, fingerprint }: OwnCard): object => ({ unit, fingerprint });

async function pack(...words: string[]): Promise<RunResult> {
  return await run(["pack", "interview", "--to", "SCAS", "--out", out, ...words, "--json"], {
    home: made.a.home,
    cwd: made.folder,
  });
}

async function refused(code: ErrorCode, rule: string, ...words: string[]): Promise<void> {
  const result = await pack(...words);
  const error = errorOf(result);
  expect(error).toMatchObject({ code, exitCode: exitCodes[code] });
  expect(result.code).toBe(exitCodes[code]);
  expect(error.message).toContain(`your unit's policy (${rule}) `);
  expect(error.hint).toMatch(new RegExp(`^.{10,}; about exceptions ask ${whoToAsk}$`));
  expect(readdirSync(out)).toEqual([]);
}

describe("pack", () => {
  test("is refused without the recovery recipient, and done with it", async () => {
    policy({ recoveryRecipient: partyOf(recovery), allowedRecipients: [partyOf(made.b)], maxKeyAgeDays: 1 });
    await refused("POLICY_RECOVERY_MISSING", "recoveryRecipient");
    expect((await pack("--to", "Recovery")).code).toBe(0);
  });

  test("is refused to a unit that is not allowed, and to a classic key", async () => {
    policy({ allowedRecipients: [partyOf(recovery)] });
    await refused("POLICY_RECIPIENT_REFUSED", "allowedRecipients");
    policy({ requirePostQuantum: true });
    await refused("POLICY_KEY_CLASSIC", "requirePostQuantum");
  });

  test("is refused without what must be said, and takes it from options or the record's file", async () => {
    policy({ requireRecord: ["case", "exhibit", "officer", "reason"] });
    await refused("POLICY_CASE_MISSING", "requireRecord");
    await refused("POLICY_EXHIBIT_MISSING", "requireRecord", "--record", "record.json");
    await refused("POLICY_OFFICER_MISSING", "requireRecord", "--case", "1", "--exhibit", "2");
    await refused("POLICY_REASON_MISSING", "requireRecord", "--record", "record.json", "--exhibit", "2");
    expect((await pack("--record", "record.json", "--exhibit", "2", "--reason", "3")).code).toBe(0);
  });

  test("is refused with a key that is too old", async () => {
    const old = path.join(out, "..", `${path.basename(out)}-old`);
    const own = await makeUnit(old, "Old");
    onTestFinished(() => rmSync(old, { recursive: true }));
    policy({ maxKeyAgeDays: 365 }, own);
    const card = path.join(old, "card.json");
    writeFileSync(card, readFileSync(card, "utf8").replace(/("created": ?")\d{4}/, "$12020"));
    const result = await run(["pack", "x", "--to", "SCAS", "--out", out, "--json"], own);
    expect(errorOf(result)).toMatchObject({ code: "POLICY_KEY_OLD", exitCode: 5 });
    expect(errorOf(result).hint).toContain(whoToAsk);
  });
});

test("keygen makes and takes over no classic key where only post-quantum ones are allowed", async () => {
  const home = path.join(out, "home");
  mkdirSync(home);
  policy({ requirePostQuantum: true }, { home });
  const words = ["keygen", "--unit", "New", "--no-passphrase", "--json"];
  for (const more of [["--classic"], ["--identity", path.join(made.b.home, "receiving.age")]]) {
    expect(errorOf(await run([...words, ...more], { home }))).toMatchObject({
      code: "POLICY_KEY_CLASSIC",
      exitCode: 5,
    });
    expect(readdirSync(home)).toEqual(["policy.json"]);
  }
  expect((await run(words, { home })).code).toBe(0);
});

test("under a policy that cannot be used, nothing that depends on it is done", async () => {
  policy('{"format":"evseal/policy/v1","requireCase":true}');
  const words = [
    ["pack", "interview", "--to", "SCAS", "--out", out],
    ["open", made.packagePath, "--out", out],
    ["keygen", "--unit", "New", "--no-passphrase"],
    ["policy"],
  ];
  for (const each of words) {
    const result = await run([...each, "--json"], { home: made.a.home, cwd: made.folder });
    expect(errorOf(result)).toMatchObject({
      code: "POLICY_UNUSABLE",
      exitCode: 5,
      message: "the policy file has a member that evseal does not know",
    });
  }
  expect(readdirSync(out)).toEqual([]);
  expect((await run(["verify", made.packagePath], made.a)).code).toBe(0);
});

describe("evseal policy", () => {
  test("says what holds where there is no policy", async () => {
    const { code, stdout, stderr } = await run(["policy"], made.a);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`policy  none (it would be ${path.join(made.a.home, "policy.json")})
a package need not be sealed to a recovery unit
packages may be sealed to every contact
classic keys may be used as well as post-quantum ones
nothing needs to be said about the case
a key may be used until its card expires
packages may be opened where evseal itself allows it, and nowhere else
`);
  });

  test("says each rule in a sentence, and what keeps all packages from being sealed", async () => {
    policy({
      recoveryRecipient: { ...partyOf(recovery), fingerprint: "0".repeat(64) },
      allowedRecipients: [partyOf(made.b)],
      requirePostQuantum: true,
      requireRecord: ["case", "exhibit", "officer"],
      maxKeyAgeDays: 365,
      openTargets: ["/mnt/a", "/mnt/b"],
    });
    const { code, stdout, stderr } = await run(["policy"], made.a);
    expect(code).toBe(0);
    expect(stdout).toBe(`policy  ${path.join(made.a.home, "policy.json")}
every package must be sealed to Recovery as well, so that it can be recovered
packages may be sealed to no other unit than SCAS and Recovery
nothing may be sealed to a classic key, and no classic key may be made: only post-quantum ones
with every package the case reference, an exhibit reference and who seals it must be said
a key may be used for 365 days after it was made, and no longer than until its card expires
packages may be opened where evseal itself allows it, and below /mnt/a and /mnt/b
about exceptions ask ${whoToAsk}
`);
    expect(stderr).toBe(
      "evseal: warning: the card of Recovery is not among your contacts: until it is, nothing can be sealed\n",
    );
  });
});

describe("who is guided", () => {
  test("is told of the recovery recipient, and asked for what the policy wants and the record's file lacks", async () => {
    policy({ recoveryRecipient: partyOf(recovery), requireRecord: ["case", "exhibit", "reason"] });
    const words = ["pack", "interview", "--out", out, "--record", "record.json"];
    const done = await runOnTerminal(words, { home: made.a.home, cwd: made.folder }, [
      { until: "has every package sealed to Recovery as well", type: "" },
      { until: "which units may open it?", type: keys.space },
      { until: "[x] SCAS", type: keys.enter },
      { until: "exhibit reference (your unit's policy wants it):", type: keys.enter },
      { until: "does not let this be left out", type: `AB/1${keys.enter}` },
      { until: "another exhibit reference (Enter to leave it out):", type: keys.enter },
      { until: "why it is sent (your unit's policy wants it):", type: `ViCLAS${keys.enter}` },
      { until: "only SCAS and Recovery can open it", type: "" },
      { until: "seal it now?", type: keys.enter },
    ]);
    expect(done).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    expect(done.screen).not.toMatch(/case reference|who seals it/);
    const [seal = ""] = readdirSync(out);
    const listed = await run(["list", path.join(out, seal), "--json"], made.b);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      recipients: [{ unit: "SCAS" }, { unit: "Recovery" }],
      record: { case: "from the file", officer: "PC 42", exhibits: ["AB/1"], reason: "ViCLAS" },
    });
  });

  test("cannot choose whom the policy does not allow, and learns it before anything is asked", async () => {
    policy({ allowedRecipients: [partyOf(recovery)] });
    const words = ["pack", "interview", "--out", out];
    const shown = await runOnTerminal(words, { home: made.a.home, cwd: made.folder }, [
      { until: "SCAS (your unit's policy does not allow it)", type: keys.ctrlC },
    ]);
    expect(shown).toMatchObject({ code: 130, unsaid: 0 });
    policy({ recoveryRecipient: { unit: "Safe", fingerprint: "0".repeat(64) } });
    const refusedAtOnce = await runOnTerminal(words, { home: made.a.home, cwd: made.folder });
    expect(refusedAtOnce.code).toBe(5);
    expect(refusedAtOnce.screen).toContain("POLICY_RECOVERY_MISSING");
    expect(refusedAtOnce.screen).not.toContain("?");
  });
});
