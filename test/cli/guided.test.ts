/** A person who leaves things out is asked; what is asked, shown and left behind. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keys, runOnTerminal, type Step } from "./on-terminal.js";
import { makeUnit, run, scratchFolder, type OwnCard } from "./run.js";
import { makeSealedPackage } from "./sealed-package.js";

let folder: string;
let a: OwnCard;
let b: OwnCard;
let packagePath: string;

beforeAll(async () => {
  ({ folder, a, b, packagePath } = await makeSealedPackage());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All the answers of somebody who packs, up to the one question at the end. */
const untilSummary: readonly Step[] = [
  { until: "file or folder to seal:", type: `nowhere${keys.enter}` },
  { until: "a source is not there", type: keys.ctrlU + `'interview'${keys.enter}` },
  { until: "1 file, 100.0 kB", type: "" },
  { until: "another one", type: keys.enter },
  { until: "which units may open it?", type: keys.space },
  { until: "[x] SCAS", type: keys.enter },
  { until: "folder to put the package into:", type: `interview${keys.enter}` },
  { until: "lies inside a source", type: `${keys.ctrlU}burn${keys.enter}` },
  { until: "case reference", type: `CR-canary${keys.enter}` },
  { until: "exhibit reference", type: `AB/1${keys.enter}` },
  { until: "another exhibit reference", type: keys.enter },
  { until: "who seals it", type: keys.enter },
  { until: "why it is sent", type: `ViCLAS${keys.enter}` },
];

function burnFolder(): string {
  rmSync(path.join(folder, "burn"), { recursive: true, force: true });
  mkdirSync(path.join(folder, "burn"));
  return path.join(folder, "burn");
}

const final = "seal it now?";
const colour = /\p{Cc}\[[0-9;]+m/u;

describe("evseal pack without arguments", () => {
  test.each([80, 200])("asks, shows a summary, seals, and says what to do next, at %i columns", async (columns) => {
    const out = burnFolder();
    const done = await runOnTerminal(["pack"], { home: a.home, cwd: folder, columns, env: { NO_COLOR: "1" } }, [
      ...untilSummary,
      { until: final, type: keys.enter },
    ]);
    expect(done).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    const [seal = ""] = readdirSync(out);
    expect(seal).toMatch(/^EV-/);
    const summary = done.screen.slice(done.screen.indexOf("to seal  "), done.screen.lastIndexOf(final));
    const words = b.words.split(" ");
    expect(summary.split("\r\n").slice(0, 10)).toEqual([
      "to seal   interview (1 file, 100.0 kB)",
      "from      Force A, interviews",
      "to        SCAS",
      `words     ${words.slice(0, 6).join(" ")}`,
      `          ${words.slice(6).join(" ")}`,
      "into      burn",
      "case      CR-canary",
      "exhibits  AB/1",
      "reason    ViCLAS",
      "",
    ]);
    expect(summary).toContain("only SCAS can open it: your own unit cannot");
    expect(done.screen).toContain(`write the seal number ${seal} `);
    expect(done.screen).toContain("evseal:   interview"); // which originals still exist
    expect(done.screen).not.toMatch(colour);
    expect(done.stdout).toMatch(/^sealed {3}EV-/);
    const listed = await run(["list", path.join(out, seal), "--json"], b);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      record: { case: "CR-canary", exhibits: ["AB/1"], reason: "ViCLAS" },
    });
  });

  test("seals nothing after no, and exits 130", async () => {
    const out = burnFolder();
    const stopped = await runOnTerminal(["pack"], { home: a.home, cwd: folder }, [
      ...untilSummary,
      { until: final, type: `n${keys.enter}` },
    ]);
    expect(stopped).toMatchObject({ code: 130, restored: true, unsaid: 0, stdout: "" });
    expect(stopped.screen).toContain("INTERRUPTED");
    expect(readdirSync(out)).toEqual([]);
  });

  test.each(["file or folder", "which units", "put the package into", "case reference", "why it is sent", final])(
    "leaves nothing after Ctrl-C at %s, and exits 130",
    async (question) => {
      const out = burnFolder();
      const at = [...untilSummary, { until: final, type: "" }].findIndex(({ until }) => until.includes(question));
      const stopped = await runOnTerminal(["pack"], { home: a.home, cwd: folder }, [
        ...untilSummary.slice(0, at),
        { until: question, type: keys.ctrlC },
      ]);
      expect(stopped).toMatchObject({ code: 130, restored: true, unsaid: 0, stdout: "" });
      expect(readdirSync(out)).toEqual([]);
    },
  );

  test("asks only for what is missing, and not at all when nothing is", async () => {
    const out = burnFolder();
    const options = { home: a.home, cwd: folder };
    const words = ["pack", "interview", "--to", "SCAS", "--record", "record.json"];
    const one = await runOnTerminal(words, options, [
      { until: "put the package into:", type: `burn${keys.enter}` },
      { until: final, type: keys.enter },
    ]);
    expect(one).toMatchObject({ code: 0, unsaid: 0 });
    expect(one.screen).not.toMatch(/to seal:|which units|case reference/);
    const none = await runOnTerminal([...words, "--out", "burn"], options);
    expect(none.code).toBe(0);
    expect(none.screen).not.toContain("?");
    expect(readdirSync(out)).toHaveLength(2);
  });

  test("asks nothing of a unit without keys, without contacts, or on a terminal that cannot ask", async () => {
    const home = path.join(scratchFolder(), "home");
    expect((await runOnTerminal(["pack"], { home })).screen).toContain("KEYS_MISSING");
    await makeUnit(home, "Lonely");
    writeFileSync(path.join(folder, "lonely.wav"), "");
    const lonely = await runOnTerminal(["pack", path.join(folder, "lonely.wav")], { home });
    expect(lonely).toMatchObject({ code: 5, restored: true });
    expect(lonely.screen).toContain("CONTACT_UNKNOWN");
    const dumb = await runOnTerminal(["pack"], { home: a.home, env: { TERM: "dumb" } });
    expect(dumb.code).toBe(2);
    expect(dumb.screen).toContain("ANSWER_MISSING");
    expect(dumb.screen).not.toContain("\u001b");
  });
});

test("evseal open without arguments asks for the package and the folder", async () => {
  mkdirSync(path.join(folder, "opened"));
  const opened = await runOnTerminal(["open"], { home: b.home, cwd: folder }, [
    { until: "folder of the package", type: `interview${keys.enter}` },
    { until: "this folder holds no package label", type: keys.ctrlU + packagePath + keys.enter },
    { until: "folder to open it into:", type: `nowhere${keys.enter}` },
    { until: "there is no such folder", type: `${keys.ctrlU}opened${keys.enter}` },
  ]);
  expect(opened).toMatchObject({ code: 0, restored: true, unsaid: 0 });
  expect(readdirSync(path.join(folder, "opened"))).toEqual([`${path.basename(packagePath)}.opened`]);
});

describe("evseal alone", () => {
  const usage = "evseal: error USAGE: no command was given\nevseal: hint: evseal --help shows the commands\n";

  test("says where the unit stands and what is next, with exit code 2", async () => {
    const home = path.join(scratchFolder(), "home");
    expect(await run([], { home })).toEqual({
      code: 2,
      stdout: "",
      stderr: `evseal: this unit has no keys yet\nevseal: next: evseal keygen --unit "NAME OF YOUR UNIT"\n${usage}`,
    });
    await makeUnit(home, "Force B");
    expect((await run([], { home })).stderr).toMatch(
      /^evseal: this unit is Force B; it has keys and no contacts yet\nevseal: next: evseal contacts add CARD, .+\n/,
    );
    expect((await run([], a)).stderr).toBe(
      "evseal: this unit is Force A, interviews; it has keys and 1 contact\n" +
        `evseal: next: evseal pack PATH --to UNIT --out DIR, or evseal open PACKAGE --out DIR for what you were sent\n${usage}`,
    );
    expect((await runOnTerminal([], a)).screen).toContain("next: evseal pack, or evseal open for what you were sent");
  });
});

describe("cards that expire", () => {
  test("soon are named on the own card, in the list, at packing and by evseal alone", async () => {
    const place = scratchFolder();
    const soon = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const home = path.join(place, "soon");
    const words = ["keygen", "--unit", "Soon", "--classic", "--no-passphrase", "--expires", soon, "--json"];
    const own = JSON.parse((await run(words, { home })).stdout) as OwnCard;
    const card = await run(["card", "--out", path.join(place, "soon.json")], { home });
    expect(card.stdout).toMatch(/\nexpires +\d{4}-\d\d-\d\d \(in (19|20) days\)\n/);
    expect(card.stderr).toContain(`warning: your own card expires on ${soon}, in `);
    const other = await makeUnit(path.join(place, "other"), "Other");
    const add = ["contacts", "add", path.join(place, "soon.json"), "--fingerprint", own.fingerprint];
    expect((await run(add, other)).code).toBe(0);
    const warning = `warning: the card of Soon expires on ${soon}, in `;
    expect((await run(["contacts", "list"], other)).stderr).toContain(warning);
    expect((await run([], other)).stderr).toContain(warning);
    writeFileSync(path.join(place, "a.wav"), "");
    mkdirSync(path.join(place, "out"));
    const pack = ["pack", path.join(place, "a.wav"), "--to", "Soon", "--out", path.join(place, "out")];
    const packed = await run(pack, other);
    expect(packed.code).toBe(0);
    expect(packed.stderr).toContain(warning);
  });
});

test("the own card is no contact", async () => {
  const card = path.join(a.home, "card.json");
  for (const result of [
    await run(["contacts", "add", card, "--fingerprint", a.fingerprint], a),
    await runOnTerminal(["contacts", "add", card], a),
  ]) {
    expect(result.code).toBe(5);
    expect("screen" in result ? result.screen : result.stderr).toContain("CARD_IS_OWN");
  }
});
