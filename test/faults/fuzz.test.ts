/**
 * Parsers under documents that were valid once: no crash, no hang, bounded memory, only the refusals that are theirs, and
 * what they accept they encode to the same bytes. EVSEAL_FUZZ_SEED (it is in every violation) makes a run again.
 */
import { fork, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { record, timeLimitMs, whole } from "./campaign.js";

interface Answer {
  readonly violations: readonly string[];
  /** How many documents were still good: a fuzzer that none passes would look at the first check only. */
  readonly parsed: number;
  readonly rssBytes: number;
}

const cheap = [
  ...["label", "manifest", "minisign signature", "minisign public key", "minisign public key file", "manifest archive"],
  ...["base64 of age", "base64 of minisign", "bech32", "seal number", "portable path"],
];
/** Cheap ones count for ten million together: the quick take more of them, so that it is minutes. */
const wholeRuns: Readonly<Record<string, number>> = {
  ...Object.fromEntries(cheap.map((name) => [name, 1_300_000])),
  label: 200_000,
  manifest: 150_000,
  "manifest archive": 150_000,
  "age header": 200_000,
  "media archive": 50_000,
  card: 50_000,
  "minisign secret key file": 100_000,
  "identity file": 100_000,
};

const seed = Number(process.env["EVSEAL_FUZZ_SEED"] ?? randomInt(2 ** 32));
const batchRuns = whole ? 2_000 : 200;
const hangMs = 120_000; // a batch takes a second; on a busy machine a few
const memoryCapBytes = 512 * 1024 * 1024;

/** One batch; a worker that dies or does not answer is a violation like any other. */
async function answerOf(worker: ChildProcess, name: string, batch: number): Promise<Answer | string> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve("it hangs"), hangMs);
    const end = (answer: Answer | string): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(answer);
    };
    worker.once("exit", (code, signal) => end(`the process ends: ${code ?? signal ?? ""}`));
    worker.once("message", (answer: Answer) => end(answer)); // fuzz-worker.js is ours
    worker.send({ name, seed: (seed + batch) >>> 0, runs: batchRuns });
  });
}

async function newWorker(): Promise<ChildProcess> {
  const script = new URL("fuzz-worker.js", import.meta.url).pathname;
  const worker = fork(script, [], { execArgv: ["--max-old-space-size=256"], env: {} });
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

describe("fuzzed: parsers under changed documents", () => {
  test.each([
    ["planted: a fault of the language", "TypeError"],
    ["planted: another code", "LABEL_MALFORMED"],
    ["planted: two spellings", "encodes to other bytes"],
    ["planted: a crash", "the process ends: 3"],
  ])("would show %s", async (name, complaint) => {
    const worker = await newWorker();
    const answer = await answerOf(worker, name, 0);
    worker.kill("SIGKILL");
    expect(typeof answer === "string" ? answer : answer.violations[0]).toContain(complaint);
  });

  test.each(Object.entries(wholeRuns))(
    "%s",
    async (name, wholeAmount) => {
      const batches = whole ? Math.ceil(wholeAmount / batchRuns) : 1;
      const started = Date.now();
      const worker = await newWorker();
      const violations: string[] = [];
      let [ran, parsed] = [0, 0];
      for (let batch = 0; batch < batches && violations.length < 20; batch++) {
        const answer = await answerOf(worker, name, batch);
        const at = `seed ${(seed + batch) >>> 0}, ${batchRuns} runs`;
        if (typeof answer === "string") {
          violations.push(`${at}: ${answer}`);
          break;
        }
        ran += batchRuns;
        parsed += answer.parsed;
        violations.push(...answer.violations.map((violation) => `${at}: ${violation}`));
        if (answer.rssBytes > memoryCapBytes) violations.push(`${at}: ${answer.rssBytes} bytes of memory`);
      }
      worker.kill("SIGKILL");
      record({ name: `fuzzed: ${name}`, runs: ran, violations, started });
      expect(violations).toEqual([]);
      expect(parsed).toBeGreaterThan(0);
    },
    timeLimitMs,
  );
});
