/** Commands that write keys, contacts and cards, on a disk that fails: all of it or nothing, and the way is free again. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { errorOf, run, type RunResult } from "../cli/run.js";
import { campaignAtAll, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { commandLine, type CommandLine, type CommandName } from "./command-lines.js";
import { faultsAt, mustFailAt } from "./errors.js";
import type { Judgement } from "./judge.js";
import { readLog, shimEnvironment, type Call, type Fault, type Log } from "./shim.js";
import { sendingUnit, type World } from "./world.js";

/** Each with what the home holds when it is done, and when it has not been: contacts by their number. */
const commands = {
  keygen: { done: ["unit"], undone: [] },
  "contacts add": { done: [1, "unit"], undone: ["unit"] },
  "contacts remove": { done: ["unit"], undone: [1, "unit"] },
  "card --out": { done: [1, "unit"], undone: [1, "unit"] },
} satisfies Partial<Record<CommandName, unknown>>;
type Name = keyof typeof commands;
const names = Object.keys(commands) as readonly Name[];

interface Ran extends RunResult, Log {
  readonly judgement: Judgement;
  /** The copy of the card, where one was made. */
  readonly copy: string | undefined;
  readonly again: RunResult;
}

/** Defines the tests of it, in the world that stands when they run. */
export function failingHomes(the: { readonly world: World }): void {
  async function tryOut(name: Name, fault?: Fault, plant?: (line: CommandLine) => void): Promise<Ran> {
    const { world } = the;
    const line = commandLine(world, name);
    const { place, home, words } = line;
    const log = path.join(place.folder, "calls");
    const around = { home, cwd: place.cwd };
    const ended = await run([...words, "--json"], {
      ...around,
      env: {
        ...shimEnvironment(world.shim, { home, out: place.out }, log, fault),
        HOME: place.home,
        TMPDIR: place.tmp,
      },
    });
    plant?.(line);
    const judgement = await judged(home);
    const copyAt = path.join(place.out, "card");
    const copy = existsSync(copyAt) ? readFileSync(copyAt, "latin1") : undefined;
    const again = ended.code === 0 ? ended : await run([...words, "--json"], around);
    const ran = { ...ended, ...readLog(log), judgement, copy, again };
    rmSync(place.folder, { recursive: true });
    return ran;
  }

  async function judged(home: string): Promise<Judgement> {
    const card = createHash("sha256").update(readFileSync(the.world.cards.receiver.file)).digest("hex");
    return await the.world.judge.judge({ folder: home, makes: "home", unit: sendingUnit, cards: [card] });
  }

  /** What is wrong with how a command has ended, and with what it has left. */
  function wrongIn(name: Name, ran: Ran, fault?: Fault): string[] {
    const { code, judgement, copy, again, calls, firedAt } = ran;
    const { done, undone } = commands[name];
    const wrong = [...judgement.violations, ...the.world.canaries.leaksIn(ran.stdout + ran.stderr, "what it says")];
    const holds = judgement.results.map((each) => (each === "unit" ? each : 1)).sort();
    const isDone = String(holds) === String(done);
    const said = ran.stdout.includes('{"error"') ? errorOf(ran).code : "";
    const isKilled = fault?.action === "kill";
    const codes = fault === undefined || firedAt === undefined || fault.action === "short" ? [0] : [0, 5, 8];
    if (fault !== undefined && firedAt !== undefined && mustFailAt(fault)) codes.splice(0, 3, 8);
    if (isKilled ? code !== null : !codes.includes(code ?? -1)) wrong.push(`exit code ${code ?? "SIGKILL"} (${said})`);
    if (code === 0 && !isDone) wrong.push(`exit code 0 with ${holds.join(" and ")}`);
    // What was removed does not come back when the disk cannot keep that; and the dead clean up nothing.
    const isLate = isKilled || (name === "contacts remove" && calls.some(({ operation }) => operation === "unlink"));
    // A disk that will not take anything away, ever, keeps what was begun: that is all the difference that it may make.
    if (fault?.action === "error" && fault.operation === "unlink" && fault.times === 0 && code === 8) return wrong;
    if (code !== 0 && String(holds) !== String(undone) && !(isDone && isLate))
      wrong.push(`left ${holds.join(" and ")} (${said})`);
    if (!isKilled && judgement.partials.length > 0) wrong.push(`left ${judgement.partials.join()} (${said})`);
    if (name === "card --out") {
      const isWhole = copy === readFileSync(`${the.world.homes.sender}/card.json`, "latin1");
      if (code === 0 ? !isWhole : copy !== undefined && !isKilled) wrong.push(`a copy of the card (${said})`);
    }
    // Whoever was told that it failed can do it again; who was not told anything has to be told now.
    const free =
      again.code === 0 || (again.code === 8 && errorOf(again).code === "OUTPUT_EXISTS" && (isKilled || isDone));
    const isGone = name === "contacts remove" && again.code === 5 && isDone;
    if (!free && !isGone) wrong.push(`and then ${again.code ?? "SIGKILL"}: ${again.stdout}`);
    return wrong;
  }

  const inHome = (calls: readonly Call[]): Call[] => calls.filter(({ role }) => role === "home" || role === "out");

  test.each(names)(
    "%s",
    async (name) => {
      const clean = await tryOut(name);
      expect([clean.code, wrongIn(name, clean)]).toEqual([0, []]);
      const calls = inHome(clean.calls);
      const kills = (["home", "out"] as const).flatMap((role) =>
        calls
          .filter((call) => call.role === role)
          .map((_, index): Fault => ({ role, operation: "any", nth: index + 1, action: "kill" })),
      );
      const verdictOn = async (fault: Fault): Promise<Verdict> => {
        const ran = await tryOut(name, fault);
        return { violations: wrongIn(name, ran, fault), reached: ran.firedAt !== undefined, hit: ran.hit };
      };
      await campaignAtAll(`SIGKILL at every call of ${name}`, calls, slice(kills, 2), verdictOn);
      await campaignAtAll(`errors in ${name}`, calls, slice(faultsAt(calls), 3), verdictOn);
    },
    timeLimitMs,
  );

  test.each([
    ["keygen", "close"],
    ["keygen", "fsync"],
    ["contacts add", "close"],
    ["contacts add", "fsync"],
  ] as const)("%s, when the last %s fails: after all the writing there is nothing", async (name, operation) => {
    const nth = inHome((await tryOut(name)).calls).filter((call) => call.operation === operation).length;
    const fault: Fault = { role: "home", operation, nth, action: "error", argument: "EIO" };
    const ran = await tryOut(name, fault);
    expect([ran.code, wrongIn(name, ran, fault)]).toEqual([8, []]);
  });

  const half = ({ home, place }: CommandLine): void => {
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, "card.json"), "{");
    writeFileSync(path.join(place.out, "card"), "{", { mode: 0o600 });
  };
  test.each(names)("would show if %s left half of a card", async (name) => {
    const fault: Fault = { role: name === "card --out" ? "out" : "home", operation: "any", nth: 3, action: "kill" };
    expect(wrongIn(name, await tryOut(name, fault, half), fault)).not.toEqual([]);
  });
}
