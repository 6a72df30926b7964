import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { keys, runOnTerminal } from "./on-terminal.js";
import { makeUnit, run, scratchFolder } from "./run.js";

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
      { until: newPassphrase, type: `one${keys.enter}` },
      { until: again, type: `two${keys.enter}` },
      { until: newPassphrase, type: `one${keys.enter}` },
      { until: again, type: `three${keys.enter}` },
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
    ["other words", { type: `abandon${keys.enter}` }, 5, "FINGERPRINT_DIFFERS"],
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
