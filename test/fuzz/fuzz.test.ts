/**
 * Parsers that read what an opponent may have written: no crash, no hang, bounded memory, no error but the one that
 * belongs to them, and what they accept encodes to the very same bytes again. Each runs in a process of its own.
 * EVSEAL_FUZZ_SEED repeats a run.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { record, timeLimitMs, whole } from "../faults/campaign.js";
import { EvsealError } from "../../src/errors.js";
import { fuzz, type Found, type Target } from "./loop.js";
import { targets } from "./targets.js";

const cheapRuns = whole ? 10_000_000 : 30_000;
const headerRuns = whole ? 200_000 : 2000;
const piece = whole ? 50_000 : 5_000;
const hangMs = 60_000;
const memoryCapMiB = 400;
const firstSeed = Number(process.env["EVSEAL_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

interface Watched extends Found {
  readonly peakMiB: number;
}

/** Runs a piece of work on a target in another process; a hang, a crash and a memory that grows are violations, too. */
async function watched(name: string, runs: number, seed: number): Promise<Watched> {
  const script = fileURLToPath(new URL("run.js", import.meta.url));
  const child = fork(script, [name, String(runs), String(seed)], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let watchdog = setTimeout(() => child.kill("SIGKILL"), hangMs);
  child.on("message", () => (watchdog = (clearTimeout(watchdog), setTimeout(() => child.kill("SIGKILL"), hangMs))));
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(watchdog);
  const died = (): Watched => ({ runs: 0, accepted: 0, violations: [`it hung or died with seed ${seed}`], peakMiB: 0 });
  const found = said === "" ? died() : (JSON.parse(said) as Watched); // run.js is ours
  const tooMuch = found.peakMiB > memoryCapMiB ? [`took ${found.peakMiB} MiB with seed ${seed}`] : [];
  return { ...found, violations: [...found.violations, ...tooMuch] };
}

describe("no parser is brought down, or accepts what it would not have written:", () => {
  test.each(Object.entries(targets))(
    "%s",
    async (name, { share }) => {
      const started = Date.now();
      const runs = share === 0 ? headerRuns : Math.ceil((cheapRuns * share) / 100);
      const seeds = Array.from({ length: Math.ceil(runs / piece) }, (_, index) => firstSeed + index);
      const found: Watched[] = [];
      const waiting = seeds.values();
      const worker = async (): Promise<void> => {
        for (const seed of waiting) found.push(await watched(name, Math.min(piece, runs), seed));
      };
      await Promise.all(Array.from({ length: availableParallelism() }, worker));

      const sum = (of: (each: Watched) => number): number => found.reduce((total, each) => total + of(each), 0);
      const violations = found.flatMap((each) => each.violations);
      record({ name: `parser of ${name}`, runs: sum((each) => each.runs), violations, started });
      expect(violations).toEqual([]);
      expect(sum((each) => each.runs)).toBeGreaterThanOrEqual(runs);
      expect(
        sum((each) => each.accepted),
        "inputs that were accepted",
      ).toBeGreaterThan(0);
    },
    timeLimitMs,
  );

  test("all shares together are a hundred", () => {
    expect(Object.values(targets).reduce((total, { share }) => total + share, 0)).toBe(100);
  });
});

describe("the fuzzer sees", () => {
  const samples = [Buffer.from('{"a":12}')];
  const refusal = (): never => {
    throw new EvsealError("ALTERED", "no", { hint: "no" });
  };
  const seen: Readonly<Record<string, readonly [Partial<Target>, RegExp]>> = {
    "an error that is not evseal's": [
      { parse: (input) => Buffer.from(JSON.stringify(JSON.parse(String(input)))) },
      /threw/,
    ],
    "an error that is not the parser's own": [{ parse: refusal }, /refused with ALTERED/],
    "an input that encodes to other bytes": [{ parse: (input) => Buffer.concat([input, input]) }, /the same bytes/],
    "a parser that takes too long": [
      { parse: (input) => (Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2100), input) },
      /took/,
    ],
  };

  test.each(Object.entries(seen))("%s", async (_what, [target, expected]) => {
    const { violations } = await fuzz(
      { share: 0, codes: [], samples, parse: (input) => input, ...target },
      expected.source === "took" ? 1 : 200,
      7,
    );
    expect(violations[0]).toMatch(expected);
  });

  test("nothing where nothing is wrong, and the same inputs for the same seed", async () => {
    const inputs: string[][] = [[], []];
    for (const list of inputs) {
      const parse = (input: Buffer): Buffer => (list.push(input.toString("latin1")), input);
      expect(await fuzz({ share: 0, codes: [], samples, parse }, 500, 7)).toEqual({
        runs: 500,
        accepted: 500,
        violations: [],
      });
    }
    expect(inputs[0]).toEqual(inputs[1]);
    expect(new Set(inputs[0]).size).toBeGreaterThan(300);
  });
});
