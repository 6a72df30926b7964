import { expect, test } from "vitest";
import { BlockRing } from "../../src/ring/block-ring.js";
import type { Stage } from "../../src/ring/stage.js";
import { runStageThread, type FindStage, type ThreadEnd } from "../../src/ring/stage-thread.js";

const blockSizeBytes = 1024 * 1024;
const ringOf = (blocks: number, slots: number): BlockRing =>
  BlockRing.create({ slots, turns: 2, payloadSizeBytes: blocks * blockSizeBytes, startSizeBytes: 0 });

type Stages = Readonly<Record<string, Partial<Stage<unknown>> & Pick<Stage<unknown>, "work">>>;

/** One thread that has the stage "own" to itself and shares "shared", both as `stages` say. */
async function run(ring: BlockRing, stages: Stages, own: number, shared?: number): Promise<ThreadEnd> {
  const found: Record<string, FindStage> = {};
  for (const [name, stage] of Object.entries(stages)) {
    const whole: Stage<unknown> = { finish: () => `${name} found`, close: () => undefined, ...stage };
    found[name] = () => Promise.resolve({ name, start: () => whole });
  }
  const part = (name: string, turn: number) => ({ name, data: null, turn });
  const work = {
    shape: ring.shape,
    own: part("own", own),
    ...(shared !== undefined && { shared: part("shared", shared) }),
  };
  return await runStageThread(work, found);
}

test("a thread that waits for its turn does what is there to be shared", async () => {
  const said: string[] = [];
  const say = (name: string) => (n: number) => void said.push(`${name}${n}`);
  const end = await run(ringOf(3, 2), { own: { work: say("own") }, shared: { work: say("shared") } }, 1, 0);
  expect(end).toEqual({ result: "own found" });
  expect(said).toEqual(["shared0", "own0", "shared1", "own1", "shared2", "own2"]);
});

test("and when all slots are full, or as much is under way as may be", async () => {
  const said: string[] = [];
  let underWay = 0;
  const own = {
    atOnce: 2,
    work: async (n: number) => {
      said.push(`own${n}`);
      expect(++underWay).toBeLessThanOrEqual(2);
      await new Promise(setImmediate);
      underWay--;
    },
  };
  const ring = ringOf(5, 2);
  expect(await run(ring, { own, shared: { work: (n) => void said.push(`shared${n}`) } }, 0, 1)).toEqual({
    result: "own found",
  });
  const shared = said.filter((what) => what.startsWith("shared"));
  expect(shared).toEqual(["shared0", "shared1", "shared2", "shared3", "shared4"]); // the last behind its own, too
  expect(said.filter((what) => what.startsWith("own"))).toEqual(["own0", "own1", "own2", "own3", "own4"]);
});

test("a thread without a stage of its own shares until all is taken", async () => {
  const ring = ringOf(3, 3);
  for (const n of [0, 1, 2]) ring.passOn(n, 0);
  const said: number[] = [];
  const close = (): void => void said.push(-1);
  const stage: Stage<null> = { work: (n) => void said.push(n), finish: () => null, close };
  const shared = { name: "shared", data: null, turn: 1 };
  const end = await runStageThread(
    { shape: ring.shape, shared },
    { shared: () => Promise.resolve({ name: "shared", start: () => stage }) },
  );
  expect(end).toEqual({ result: null });
  expect(said).toEqual([0, 1, 2, -1]);
});

test.each<[string, Stages]>([
  ["own that fails", { own: { work: () => fail() }, shared: { work: () => undefined } }],
  [
    "own that fails later",
    { own: { work: () => Promise.reject(new Error("a secret")) }, shared: { work: () => undefined } },
  ],
  ["shared that fails", { own: { work: () => undefined }, shared: { work: () => fail() } }],
  ["shared that is not done at once", { own: { work: () => undefined }, shared: { work: () => Promise.resolve() } }],
])("a stage %s ends the thread, and stops all others", async (_, stages) => {
  const ring = ringOf(3, 2);
  const end = await run(ring, stages, 1, 0);
  expect(end).toEqual({ error: expect.objectContaining({ code: "INTERNAL" }) as unknown });
  expect(JSON.stringify(end)).not.toContain("a secret");
  expect(ring.stop()).toBe(false);
});

test("nothing is closed while work is under way", async () => {
  const said: string[] = [];
  const own = {
    atOnce: 2,
    work: async (n: number) => {
      for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
      said.push(`own${n} done`);
    },
    close: () => void said.push("closed"),
  };
  const shared = { work: (n: number) => (n === 1 ? fail() : undefined) };
  await run(ringOf(3, 3), { own, shared }, 1, 0);
  expect(said.filter((what) => what !== "closed").length).toBeGreaterThan(0);
  expect(said.at(-1)).toBe("closed");
});

test("a thread whose ring is stopped ends, and tells no cause", async () => {
  const ring = ringOf(3, 2);
  const stages = { own: { work: () => void ring.stop() }, shared: { work: () => undefined } };
  expect(await run(ring, stages, 1, 0)).toEqual({ stopped: true });
});

test("a stage that there is not is a failure", async () => {
  expect(await run(ringOf(1, 1), {}, 0)).toEqual({ error: expect.objectContaining({ code: "INTERNAL" }) as unknown });
});

function fail(): never {
  throw new Error("a secret");
}
