import { beforeAll, describe, expect, it } from "vitest";
import { CopiesSurvey, surveyCopies } from "../../src/age/copies-survey.js";
import type { DamagedSource } from "../../src/age/damaged-source.js";
import type { Header } from "../../src/age/header.js";
import { generateIdentity } from "../../src/age/identity.js";
import { existing } from "../../src/errors.js";
import { interrupted } from "../../src/watch.js";
import { bytesOf, pattern } from "./pieces.js";
import { refusal } from "./refusal.js";
import { sealBytes, unlockWith } from "./sealed-files.js";

const us = generateIdentity("X25519");
const unlock = unlockWith(us);
const chunk = 65_536;
const sealedChunk = chunk + 16;
const plaintext = pattern(40 * chunk + 1000);
let sealed: Buffer = Buffer.alloc(0);
let startSizeBytes = 0;
beforeAll(async () => {
  sealed = await sealBytes(plaintext, [us]);
  startSizeBytes = sealed.length - plaintext.length - 41 * 16;
});

const survey = async (copies: readonly DamagedSource[], payload = plaintext): Promise<readonly CopiesSurvey[]> =>
  await surveyCopies(copies, { sizeBytes: sealed.length, payloadSizeBytes: payload.length }, unlock);

/** A copy of which these ranges cannot be read: a request gives what stands before them. */
function copy(bytes: Uint8Array, dead: readonly (readonly [start: number, end: number])[] = []): DamagedSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, sizeBytes) => {
      const first = dead.filter(([start, end]) => start < offset + sizeBytes && end > offset);
      const end = Math.min(offset + sizeBytes, ...first.map(([start]) => Math.max(start, offset)));
      return Promise.resolve(bytes.subarray(offset, end));
    },
  };
}

function altered(...places: readonly number[]): Buffer {
  const bytes = Buffer.from(sealed);
  for (const at of places) bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

const payload = async (survey: CopiesSurvey | undefined, offset: number, sizeBytes: number): Promise<Buffer> =>
  await bytesOf(existing(survey, "a survey").read(offset, sizeBytes));

const chunkAt = (index: number): number => startSizeBytes + index * sealedChunk;

/** What the ranges of a survey are, put together from its copies. */
async function joined([best]: readonly CopiesSurvey[], copies: readonly DamagedSource[]): Promise<Buffer> {
  const ranges = best?.ranges() ?? [];
  const parts: Uint8Array[] = [];
  for (const { offset, sizeBytes, copy } of ranges) {
    parts.push(await existing(copies[copy ?? -1], "a copy").read(offset, sizeBytes));
  }
  return Buffer.concat(parts);
}

describe("a survey of copies", () => {
  it("of one whole copy has all of it, and reads any range", async () => {
    const copies = [copy(sealed)];
    const surveys = await survey(copies);
    expect(surveys).toHaveLength(1);
    expect((await joined(surveys, copies)).equals(sealed)).toBe(true);
    const [all] = surveys;
    expect(all?.lostBytes(0, plaintext.length)).toBe(0);
    for (const [offset, sizeBytes] of [
      [0, plaintext.length],
      [chunk - 1, 2],
      [5 * chunk, 17 * chunk + 3],
      [40 * chunk, 1000],
      [77, 0],
    ] as const) {
      const found = await payload(all, offset, sizeBytes);
      expect(found.equals(plaintext.subarray(offset, offset + sizeBytes)), `${offset}`).toBe(true);
    }
  });

  it("takes each chunk from the first copy that has it whole, and says what none has", async () => {
    const first = copy(altered(chunkAt(3), chunkAt(4) + 9), [[chunkAt(20) + 5000, chunkAt(20) + 7048]]);
    const second = copy(altered(chunkAt(4)));
    const surveys = await survey([first, second]);
    const [all] = surveys;
    expect(all?.ranges().map(({ sizeBytes, copy }) => [sizeBytes, copy])).toEqual([
      [startSizeBytes - 16, 0],
      [16, 0],
      [3 * sealedChunk, 0],
      [sealedChunk, 1],
      [sealedChunk, undefined],
      [15 * sealedChunk, 0],
      [sealedChunk, 1],
      [sealed.length - chunkAt(21), 0],
    ]);
    expect(all?.lostBytes(0, plaintext.length)).toBe(chunk);
    expect(all?.lostBytes(4 * chunk + 10, 20)).toBe(20);
    expect(all?.lostBytes(3 * chunk, chunk + 1)).toBe(1);
    expect((await payload(all, 5 * chunk, 30 * chunk)).equals(plaintext.subarray(5 * chunk, 35 * chunk))).toBe(true);
    expect(await refusal(() => payload(all, 0, plaintext.length))).toBe("ALTERED");
    expect(await payload(all, 4 * chunk + 9, 0)).toHaveLength(0);
  });

  it("of which every second chunk is lost counts what is lost in any range", async () => {
    const odd = Array.from({ length: 20 }, (_, at) => chunkAt(2 * at + 1));
    const [all] = await survey([copy(altered(...odd))]);
    for (const [offset, sizeBytes, lost] of [
      [0, chunk, 0],
      [chunk, chunk, chunk],
      [chunk - 1, 2, 1],
      [2 * chunk - 1, 2, 1],
      [10, 4 * chunk, 2 * chunk],
      [39 * chunk, 0, 0],
      [39 * chunk + 1, chunk + 1000, chunk - 1],
      [40 * chunk, 1000, 0],
    ] as const)
      expect([offset, sizeBytes, all?.lostBytes(offset, sizeBytes)]).toEqual([offset, sizeBytes, lost]);
    expect((await payload(all, 2 * chunk + 5, chunk - 5)).equals(plaintext.subarray(2 * chunk + 5, 3 * chunk))).toBe(
      true,
    );
    expect(await refusal(() => payload(all, 2 * chunk, chunk + 1))).toBe("ALTERED");
  });

  it("does not look through all that is lost for each of many files", () => {
    const chunkCount = 100_000;
    const shape = { sizeBytes: 0, payloadSizeBytes: chunkCount * chunk };
    const torn = new CopiesSurvey([], shape, {} as ConstructorParameters<typeof CopiesSurvey>[2]);
    torn.add(Array.from({ length: chunkCount }, (_, at) => (at % 2 === 0 ? 0 : undefined)));
    let lostBytes = 0;
    for (let at = 0; at < chunkCount; at++) lostBytes += torn.lostBytes(at * chunk, chunk);
    expect(lostBytes).toBe((chunkCount / 2) * chunk);
  });

  it("loses an unreadable chunk and not its neighbours", async () => {
    const [all] = await survey([copy(sealed, [[chunkAt(7), chunkAt(7) + 1]])]);
    expect(all?.lostBytes(0, plaintext.length)).toBe(chunk);
    expect(all?.lostBytes(7 * chunk, chunk)).toBe(chunk);
  });

  it("joins two halves, and a final chunk that one has lost", async () => {
    const half = chunkAt(20) + 777;
    const copies = [copy(sealed, [[0, half]]), copy(sealed.subarray(0, chunkAt(21)))];
    expect((await joined(await survey(copies), copies)).equals(sealed)).toBe(true);
    const turned = [copies[1] ?? copy(sealed), copies[0] ?? copy(sealed)];
    expect((await joined(await survey(turned), turned)).equals(sealed)).toBe(true);
  });

  it("does not mind what goes on behind the end", async () => {
    const copies = [copy(Buffer.concat([sealed, pattern(100_000)]))];
    expect((await joined(await survey(copies), copies)).equals(sealed)).toBe(true);
  });

  it("finds the nonce by what opens under it, wherever it is whole", async () => {
    const nonce = startSizeBytes - 16;
    const lost = copy(sealed, [[nonce, nonce + 16]]);
    const copies = [copy(altered(nonce, 30)), copy(altered(nonce + 15, 31)), copy(altered(30))];
    copies.push(lost, copy(sealed, [[nonce, sealed.length]]));
    const surveys = await survey(copies);
    expect(surveys.map((each) => each.lostBytes(0, plaintext.length))).toEqual([0, plaintext.length, plaintext.length]);
    expect(surveys[0]?.ranges().map(({ copy }) => copy)).toEqual([3, 2, 0]);
    expect((await joined(surveys, copies)).equals(sealed)).toBe(true);
  });

  it("keeps the chunks of two sealings apart", async () => {
    const other = await sealBytes(plaintext, [us]);
    const surveys = await survey([copy(other), copy(altered(chunkAt(1)))]);
    // Each header with each nonce.
    expect(surveys.map((each) => each.lostBytes(0, plaintext.length))).toEqual([
      0,
      chunk,
      plaintext.length,
      plaintext.length,
    ]);
    expect(surveys[1]?.ranges().map(({ copy }) => copy)).toEqual([1, 1, 1, undefined, 1]);
  });

  it("says what is wrong with the first header where none is whole, and nothing else", async () => {
    const code = async (...copies: DamagedSource[]): Promise<unknown> => await refusal(() => survey(copies));
    expect(await code(copy(altered(0)))).toBe("HEADER_MALFORMED");
    expect(await code(copy(sealed.subarray(0, 100)))).toBe("HEADER_MALFORMED");
    const forged = Buffer.from(sealed);
    forged[startSizeBytes - 30] = sealed[startSizeBytes - 30] === 0x41 ? 0x42 : 0x41; // another letter of the MAC
    expect(await code(copy(forged), copy(altered(0)))).toBe("HEADER_ALTERED");
    expect(await code(copy(altered(0)), copy(forged))).toBe("HEADER_MALFORMED");
    expect(await code(copy(sealed, [[startSizeBytes - 1, startSizeBytes]]))).toBe("HEADER_MALFORMED");
    expect(await code(copy(sealed, [[9, 10]]), copy(sealed))).toBe("not refused");
    expect(await refusal(() => survey([copy(sealed)], pattern(sealed.length)))).toBe("HEADER_MALFORMED");
    expect(await refusal(() => survey([copy(sealed)], pattern(chunk)))).toBe("HEADER_MALFORMED");
    const stranger = unlockWith(generateIdentity("X25519"));
    const shape = { sizeBytes: sealed.length, payloadSizeBytes: plaintext.length };
    expect(await refusal(() => surveyCopies([copy(sealed)], shape, stranger))).toBe("NOT_ADDRESSED_TO_US");
    const broken = (): never => {
      throw new TypeError("broken");
    };
    await expect(surveyCopies([copy(sealed)], shape, broken)).rejects.toThrow("broken");
    let asked = 0;
    const breaking = (header: Header) => (asked++ === 0 ? unlock(header) : broken());
    const other = await sealBytes(plaintext, [us]);
    await expect(surveyCopies([copy(sealed), copy(other)], shape, breaking)).rejects.toThrow("broken");
  });

  it("of a payload without a byte has its one chunk", async () => {
    const empty = await sealBytes(new Uint8Array(0), [us]);
    const shape = { sizeBytes: empty.length, payloadSizeBytes: 0 };
    const [all] = await surveyCopies([copy(empty)], shape, unlock);
    expect(all?.ranges().map(({ sizeBytes, copy }) => [sizeBytes, copy])).toEqual([
      [empty.length - 32, 0],
      [16, 0],
      [16, 0],
    ]);
    expect(await payload(all, 0, 0)).toHaveLength(0);
  });

  it("is stopped by its step, and what is damaged after it is not given out", async () => {
    const done: number[] = [];
    const shape = { sizeBytes: sealed.length, payloadSizeBytes: plaintext.length };
    await surveyCopies([copy(sealed)], shape, unlock, (bytes) => void done.push(bytes));
    expect(done).toEqual([chunkAt(0), chunkAt(16), chunkAt(32), sealed.length]);
    const stop = (bytes: number): void => {
      if (bytes > chunkAt(1)) throw interrupted();
    };
    expect(await refusal(() => surveyCopies([copy(sealed)], shape, unlock, stop))).toBe("INTERRUPTED");
    const bytes = Buffer.from(sealed);
    const [all] = await survey([copy(bytes)]);
    bytes[chunkAt(2)] = (bytes[chunkAt(2)] ?? 0) ^ 1;
    expect(await payload(all, 0, 2 * chunk)).toHaveLength(2 * chunk);
    expect(await refusal(() => payload(all, 0, 3 * chunk))).toBe("ALTERED");
    all?.wipe();
    expect(await refusal(() => payload(all, 0, 1))).toBe("INTERNAL");
  });
});
