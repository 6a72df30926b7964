import { expect, test } from "vitest";
import { BlockRing } from "../../src/ring/block-ring.js";
import { runPipeline, slotsFor } from "../../src/ring/pipeline.js";
import { useStage, type Stage, type StageKind, type StageUse } from "../../src/ring/stage.js";
import type { Watch } from "../../src/watch.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";

const blockSizeBytes = 1024 * 1024;
const ringOf = (blocks: number, turns: number): BlockRing => {
  const ring = BlockRing.create({ slots: 1, turns, payloadSizeBytes: blocks * blockSizeBytes, startSizeBytes: 0 });
  ring.key.fill(7);
  return ring;
};
const isWiped = ({ shape }: BlockRing): boolean => new Uint8Array(shape.memory).every((byte) => byte === 0);
const run = <Result>(
  ring: BlockRing,
  stages: readonly StageUse<Result>[],
  watch: Watch = quietWatch(),
): Promise<readonly Result[]> => runPipeline<readonly Result[]>(ring, stages, { cores: 1 }, watch, "sealing");

/** Stages that tell the order of what they do. */
function telling(said: string[], changes: (ring: BlockRing, name: string) => Partial<Stage<string>> = () => ({})) {
  return (name: string): StageUse<string> =>
    useStage(
      {
        name,
        start: (ring) => ({
          work: (n) => void said.push(`${name}${n}`),
          finish: () => `${name} found`,
          close: () => void said.push(`${name} closed`),
          ...changes(ring, name),
        }),
      },
      () => null,
    );
}

test("stages take their turns at every block, and give what they found", async () => {
  const said: string[] = [];
  const ring = ringOf(2, 2);
  expect(await run(ring, ["a", "b"].map(telling(said)))).toEqual(["a found", "b found"]);
  expect(said).toEqual(["a0", "b0", "a1", "b1", "a closed", "b closed"]);
});

test("a stage that fails ends the others, its cause is told, and the ring is wiped", async () => {
  const said: string[] = [];
  const ring = ringOf(3, 2);
  const failing = telling(said, (_, name) =>
    name === "b" ? { work: (n) => (n === 1 ? Promise.reject(new RangeError("unplugged")) : undefined) } : {},
  );
  await expect(run(ring, ["a", "b"].map(failing))).rejects.toThrow("unplugged");
  expect(said).toEqual(["a0", "a1", "a closed", "b closed"]);
  expect(isWiped(ring)).toBe(true);
});

test("a pipeline wipes its ring when it is stopped, in one thread", async () => {
  const said: string[] = [];
  const ring = ringOf(3, 1);
  const controller = new AbortController();
  const stopping = telling(said, (own) => ({
    work: (n) => {
      own.clearBytes(n).fill(1);
      if (n === 1) controller.abort();
    },
  }));
  await expect(run(ring, [stopping("a")], quietWatch(controller.signal))).rejects.toThrow(refusal("INTERRUPTED"));
  expect(said).toEqual(["a closed"]);
  expect(isWiped(ring)).toBe(true);
});

/** Threads begin in what is built. */
const built = async (file: string): Promise<unknown> => import(new URL(`../../dist/${file}`, import.meta.url).href);

test("threads that end without a result are a failure, whoever stopped them", async () => {
  const { BlockRing: BuiltRing } = (await built("ring/block-ring.js")) as { BlockRing: typeof BlockRing };
  const { runPipeline: runBuilt } = (await built("ring/pipeline.js")) as { runPipeline: typeof runPipeline };
  const { blockSealing } = (await built("age/block-stages.js")) as { blockSealing: StageKind<null, null> };
  const shape = { slots: 6, turns: 1, payloadSizeBytes: 20 * blockSizeBytes, startSizeBytes: 0 };
  const ring = BuiltRing.create(shape);
  ring.key.fill(7);
  ring.stop(); // as a thread does that dies before it can say why
  const sealing = [useStage(blockSealing, () => null, true)] as const;
  const run = runBuilt<[null]>(ring, sealing, { cores: 3 }, quietWatch(), "sealing");
  await expect(run).rejects.toThrow("a thread ended without what it was asked for");
});

test("progress is told from nothing to all", async () => {
  const told: [number, number][] = [];
  const watch: Watch = { ...quietWatch(), progress: (_, done, total) => void told.push([done, total]) };
  await run(ringOf(2, 1), [telling([])("a")], watch);
  expect(told[0]).toEqual([0, 2 * blockSizeBytes]);
  expect(told.at(-1)).toEqual([2 * blockSizeBytes, 2 * blockSizeBytes]);
});

test("small payloads and machines of one core need no second slot", () => {
  expect([slotsFor(16 * blockSizeBytes, { cores: 8 }), slotsFor(1e12, { cores: 1 })]).toEqual([1, 1]);
  expect(slotsFor(16 * blockSizeBytes + 1, { cores: 2 })).toBeGreaterThan(3);
});
