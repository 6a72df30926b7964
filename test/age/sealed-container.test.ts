import { describe, expect, test } from "vitest";
import { generateIdentity } from "../../src/age/identity.js";
import { open } from "../../src/age/open.js";
import { SealedContainer } from "../../src/age/sealed-container.js";
import { concat } from "../../src/bytes.js";
import { runPipeline } from "../../src/ring/pipeline.js";
import { useStage, type StageUse } from "../../src/ring/stage.js";
import { quietWatch } from "../quiet-watch.js";
import { bytesOf, pattern, whole } from "./pieces.js";
import { refusal } from "./refusal.js";
import { unlockWith } from "./sealed-files.js";

const us = generateIdentity("X25519");
const blockSizeBytes = 1024 * 1024;

/** A stage that fills the clear blocks with `payload`. */
const reading = (payload: Uint8Array): StageUse<string> =>
  useStage(
    {
      name: "reading",
      start: (ring) => ({
        work: (n) => {
          const clear = ring.clearBytes(n);
          clear.set(payload.subarray(n * blockSizeBytes, n * blockSizeBytes + clear.length));
        },
        finish: () => "found",
        close: () => undefined,
      }),
    },
    () => null,
  );
const containerOf = (payload: Uint8Array): SealedContainer<string> =>
  SealedContainer.of(reading(payload), payload.length, [us.recipient], 1);

/** What `output` is given to write. */
async function sealedFile(container: SealedContainer<string>): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [container.start];
  const taking = useStage<null, null>(
    {
      name: "taking",
      start: (ring) => ({
        work: (n) => void blocks.push(ring.sealedBytes(n).slice()),
        finish: () => null,
        close: () => undefined,
      }),
    },
    () => null,
  );
  const stages = [...container.stages(), taking] as const;
  await runPipeline<[string, null, null]>(container.ring, stages, { cores: 1 }, quietWatch(), "sealing");
  return concat(...blocks);
}

describe("a sealed container", () => {
  test.each([0, 1, 65_535, 65_536, 65_537, blockSizeBytes, blockSizeBytes + 1, 2 * blockSizeBytes + 70_001])(
    "of %i bytes is an age file, as a sealed stream is one",
    async (sizeBytes) => {
      const payload = pattern(sizeBytes);
      const file = await sealedFile(containerOf(payload));
      const { payload: opened } = await open(whole(file), unlockWith(us));
      expect((await bytesOf(opened)).equals(payload)).toBe(true);
    },
  );

  test("is made by sealing only, for the compiler as at run time", async () => {
    const parts = { start: pattern(9), ring: undefined, source: undefined, fileKey: undefined };
    const make = (): void => {
      // @ts-expect-error -- the constructor is private
      new SealedContainer(Symbol("minted"), parts);
    };
    expect(await refusal(make)).toBe("INTERNAL");
    expect(await refusal(() => Reflect.construct(SealedContainer, [undefined, parts]) as unknown)).toBe("INTERNAL");
    class Forged extends (SealedContainer as unknown as new (...args: unknown[]) => SealedContainer<string>) {}
    expect(await refusal(() => new Forged(undefined, parts))).toBe("INTERNAL");
    const dressedUp = Object.create(SealedContainer.prototype) as SealedContainer<string>;
    expect(() => dressedUp.stages()).toThrow(TypeError);
  });

  test("lends its file key once only, and forgets all keys when it is wiped", async () => {
    const container = containerOf(pattern(9));
    container.takeFileKey().wipe();
    expect(await refusal(() => container.takeFileKey())).toBe("INTERNAL");
    expect(container.ring.key.some((byte) => byte !== 0)).toBe(true);
    container.wipe();
    expect(container.ring.key.every((byte) => byte === 0)).toBe(true);
    const other = containerOf(pattern(9));
    other.wipe();
    expect(await refusal(() => other.takeFileKey())).toBe("INTERNAL");
  });

  test("is sealed under its one key by every thread that takes part", async () => {
    const container = containerOf(pattern(blockSizeBytes + 9));
    const fileKey = container.takeFileKey();
    const [source, sealing] = container.stages();
    const [filling, first, second] = [source, sealing, sealing].map((use) => use.start(container.ring));
    const sealed: Uint8Array[] = [];
    for (const [n, thread] of [first, second].entries()) {
      await filling?.work(n);
      await thread?.work(n);
      sealed.push(container.ring.sealedBytes(n).slice());
    }
    const file = concat(container.start, ...sealed);
    const { payload } = await open(whole(file), () => fileKey);
    expect((await bytesOf(payload)).equals(pattern(blockSizeBytes + 9))).toBe(true);
  });

  test("is not sealed under a key that was overwritten", async () => {
    const container = containerOf(pattern(9));
    const [, sealing] = container.stages();
    const stage = sealing.start(container.ring);
    container.wipe();
    expect(await refusal(() => stage.work(0))).toBe("INTERNAL");
  });

  test("leaves nothing in its ring once it was written", async () => {
    const container = containerOf(pattern(70_000));
    await sealedFile(container);
    expect(new Uint8Array(container.ring.shape.memory).every((byte) => byte === 0)).toBe(true);
  });
});
