import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { keys, runOnTerminal } from "./on-terminal.js";
import { errorOf, makeUnit, run, scratchFolder } from "./run.js";

const newPassphrase = "nothing is shown while you type): ";
const again = "the same again: ";
const keygen = ["keygen", "--unit", "Force A", "--classic"];

describe("keygen on a terminal", () => {
  test("asks for the passphrase twice and shows nothing of it", async () => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [
      { until: newPassphrase, type: `canarx${keys.backspace}y bird${keys.enter}` },
      { until: again, type: `wrong${keys.ctrlU}canary bird${keys.enter}` },
    ]);
    expect(made).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    expect(made.screen + made.stdout).not.toMatch(/canar|bird/);
    expect(made.stdout).toMatch(/^unit +Force A\n/);
    // It is the passphrase that was meant.
    const words = ["keygen", "--unit", "B", "--classic", "--identity", path.join(home, "receiving.age")].filter(
      (word) => word !== "--classic",
    );
    const taken = await run([...words, "--passphrase-fd", "3"], {
      home: path.join(scratchFolder(), "b"),
      fds: { 3: "canary bird" },
    });
    expect(taken.code).toBe(0);
  });

  test("asks once more when the two differ, and then gives up without keys", async () => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [
      { until: newPassphrase, type: `number one${keys.enter}` },
      { until: again, type: `number two${keys.enter}` },
      { until: newPassphrase, type: `number one${keys.enter}` },
      { until: again, type: `number three${keys.enter}` },
    ]);
    expect(made).toMatchObject({ code: 5, restored: true, unsaid: 0 });
    expect(made.screen).toContain("warning:");
    expect(made.screen).toContain("PASSPHRASE_UNUSABLE");
    expect(existsSync(home)).toBe(false);
  });

  test.each([
    ["Ctrl-C", { until: newPassphrase, type: `half${keys.ctrlC}` }],
    ["SIGTERM", { until: newPassphrase, signal: "SIGTERM" as const }],
    ["SIGHUP", { until: newPassphrase, signal: "SIGHUP" as const }],
  ])("stops at %s with 130, without keys, and the terminal is as it was", async (_what, step) => {
    const home = path.join(scratchFolder(), "home");
    const stopped = await runOnTerminal(keygen, { home }, [step]);
    expect(stopped).toMatchObject({ code: 130, restored: true, stdout: "" });
    expect(stopped.screen).toContain("INTERRUPTED");
    expect(existsSync(home)).toBe(false);
  });

  test.each([
    ["Enter alone", keys.enter],
    ["Ctrl-D alone", keys.ctrlD],
  ])("takes %s for no passphrase", async (_what, typed) => {
    const home = path.join(scratchFolder(), "home");
    const stopped = await runOnTerminal(keygen, { home }, [{ until: newPassphrase, type: typed }]);
    expect(stopped).toMatchObject({ code: 5, restored: true });
    expect(stopped.screen).toContain("PASSPHRASE_MISSING");
    expect(existsSync(home)).toBe(false);
  });

  test("does not ask when the keys are there already", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    const refused = await runOnTerminal(keygen, { home });
    expect(refused).toMatchObject({ code: 8, restored: true });
    expect(refused.screen).not.toContain(newPassphrase);
  });
});

describe("contacts add on a terminal", () => {
  const question = "twelve words or sixteen groups:";

  async function cardOfScas(): Promise<{ folder: string; card: string; words: string; fingerprint: string }> {
    const folder = scratchFolder();
    await makeUnit(path.join(folder, "a"), "Force A");
    const { words, fingerprint, home } = await makeUnit(path.join(folder, "b"), "SCAS");
    const card = path.join(folder, "scas.card.json");
    await run(["card", "--out", card], { home });
    return { folder, card, words, fingerprint };
  }

  test("asks for what was read over the telephone, and shows the fingerprint only afterwards", async () => {
    const { folder, card, words, fingerprint } = await cardOfScas();
    const home = path.join(folder, "a");
    const added = await runOnTerminal(["contacts", "add", card], { home }, [
      { until: question, type: words + keys.enter },
    ]);
    expect(added).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    const before = added.screen.slice(0, added.screen.indexOf(question));
    expect(before).toContain("belongs to SCAS");
    expect(before).toMatch(/expires on \d{4}-\d\d-\d\d/);
    expect(before).not.toContain(words.split(" ")[0]);
    expect(before).not.toContain(fingerprint.slice(0, 4));
    expect(added.stdout).toContain(fingerprint.slice(0, 4));
    const listed = await run(["contacts", "list", "--json"], { home });
    expect(listed.stdout).toContain(fingerprint);
  });

  test.each([
    ["a whole fingerprint of another card", { type: "0123".repeat(16) + keys.enter }, 5, "FINGERPRINT_DIFFERS"],
    ["Ctrl-C", { type: keys.ctrlC }, 130, "INTERRUPTED"],
    ["Ctrl-D", { type: keys.ctrlD }, 130, "INTERRUPTED"],
    ["SIGTERM", { signal: "SIGTERM" as const }, 130, "INTERRUPTED"],
  ])("trusts nobody after %s", async (_what, answer, code, error) => {
    const { folder, card, fingerprint } = await cardOfScas();
    const home = path.join(folder, "a");
    const added = await runOnTerminal(["contacts", "add", card], { home }, [{ until: question, ...answer }]);
    expect(added).toMatchObject({ code, restored: true, stdout: "", unsaid: 0 });
    expect(added.screen).toContain(error);
    expect(added.screen).not.toContain(fingerprint.slice(0, 9));
    expect((await run(["contacts", "list", "--json"], { home })).stdout).toBe('{"contacts":[]}\n');
  });
});

describe("a slip on a terminal does not end the work", () => {
  test("in the words read over the telephone: it is named, and they are asked for up to three times", async () => {
    const folder = scratchFolder();
    const a = await makeUnit(path.join(folder, "a"), "Force A");
    const b = await makeUnit(path.join(folder, "b"), "SCAS");
    const card = path.join(folder, "scas.card.json");
    await run(["card", "--out", card], b);
    const words = b.words.split(" ");
    const question = "sixteen groups:";
    const added = await runOnTerminal(["contacts", "add", card], a, [
      { until: question, type: words.slice(0, 6).join(" ") + keys.enter },
      { until: "6 of the twelve words came", type: "" },
      { until: question, type: [...words.slice(0, 11), "xyzzy"].join(" ") + keys.enter },
      { until: "word 12, xyzzy, is not in the list", type: "" },
      { until: question, type: b.words + keys.enter },
    ]);
    expect(added).toMatchObject({ code: 0, unsaid: 0 });

    const mixedUp = await runOnTerminal(["contacts", "add", path.join(folder, "scas.card.json")], a, [
      { until: question, type: a.words + keys.enter },
      { until: "these are your own unit's", type: "" },
      { until: question, type: b.words + keys.enter },
    ]);
    expect(mixedUp).toMatchObject({ code: 0, unsaid: 0 });

    const gaveUp = await runOnTerminal(
      ["contacts", "add", card],
      { home: path.join(folder, "c") },
      [1, 2, 3].map(() => ({ until: question, type: `abandon${keys.enter}` })),
    );
    expect(gaveUp).toMatchObject({ code: 5, unsaid: 0, stdout: "" });
    expect(gaveUp.screen).toContain("FINGERPRINT_DIFFERS");
  });

  test("in a passphrase: the key opens at the third try, and three wrong ones are the end", async () => {
    const folder = scratchFolder();
    const home = path.join(folder, "home");
    const made = await run(["keygen", "--unit", "A", "--classic", "--passphrase-fd", "3"], {
      home,
      fds: { 3: "canary bird" },
    });
    expect(made.code).toBe(0);
    const b = await makeUnit(path.join(folder, "b"), "B");
    await run(["card", "--out", path.join(folder, "b.json")], b);
    await run(["contacts", "add", path.join(folder, "b.json"), "--fingerprint", b.fingerprint], { home });
    mkdirSync(path.join(folder, "out"));
    writeFileSync(path.join(folder, "clip.wav"), "wav");
    const pack = ["pack", path.join(folder, "clip.wav"), "--to", "B", "--out", path.join(folder, "out")];
    const question = "passphrase of the signing key: ";
    const packed = await runOnTerminal(pack, { home }, [
      { until: question, type: `canary x${keys.enter}` },
      { until: question, type: `canary y${keys.enter}` },
      { until: question, type: `canary bird${keys.enter}` },
    ]);
    expect(packed).toMatchObject({ code: 0, restored: true, unsaid: 0 });
    expect(packed.screen).not.toContain("canary");

    const nowhere = await runOnTerminal([...pack.slice(0, -1), path.join(folder, "none")], { home });
    expect(nowhere).toMatchObject({ code: 8, restored: true, stdout: "" });
    expect(nowhere.screen).toContain("mkdir");
    expect(nowhere.screen).not.toContain("passphrase"); // nobody types it for nothing

    const typed = { until: question, type: `canary x${keys.enter}` };
    const refused = await runOnTerminal(pack, { home }, [typed, typed, typed]);
    expect(refused).toMatchObject({ code: 5, restored: true, unsaid: 0, stdout: "" });
    expect(refused.screen).toContain("PASSPHRASE_WRONG");
    expect(readdirSync(path.join(folder, "out"))).toHaveLength(1);
  });

  test("in a new passphrase that is short: it is asked for again, and a file with one is refused", async () => {
    const home = path.join(scratchFolder(), "home");
    const made = await runOnTerminal(keygen, { home }, [
      { until: newPassphrase, type: `7 chars${keys.enter}` },
      { until: "less than 8 characters", type: "" },
      { until: newPassphrase, type: `8 chars!${keys.enter}` },
      { until: again, type: `8 chars!${keys.enter}` },
    ]);
    expect(made).toMatchObject({ code: 0, restored: true, unsaid: 0 });

    const fresh = path.join(scratchFolder(), "home");
    const options = { home: fresh, fds: { 3: "äöüßäöü" } }; // 14 bytes, and still 7 characters
    const refused = await run(["keygen", "--unit", "A", "--passphrase-fd", "3", "--json"], options);
    expect(errorOf(refused)).toMatchObject({ code: "PASSPHRASE_SHORT", exitCode: 5 });
    expect(existsSync(fresh)).toBe(false);
  });
});

describe("colours", () => {
  const red = "\u001b[31m";
  const fail = ["card", "--nothing"];

  test("stand on a terminal", async () => {
    expect((await runOnTerminal(fail, { home: scratchFolder() })).screen).toContain(red);
  });

  test.each([
    ["NO_COLOR", fail, { NO_COLOR: "1" }],
    ["--no-color", ["--no-color", ...fail], {}],
    ["a terminal without them", fail, { TERM: "dumb" }],
  ])("do not with %s", async (_what, words, env) => {
    const { screen } = await runOnTerminal(words, { home: scratchFolder(), env });
    expect(screen).toContain("USAGE");
    expect(screen).not.toContain("\u001b[");
  });
});
