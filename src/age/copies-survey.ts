import { concat, toHex } from "../bytes.js";
import { letGo } from "../crypto/let-go.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";
import {
  chunksIn,
  chunksPerRead,
  indexesFrom,
  placeOf,
  sealedChunks,
  startSizeOf,
  type DamagedSource,
  type SurveyedShape,
} from "./damaged-source.js";
import { checkHeaderMac, headerCapBytes, parseHeader } from "./header.js";
import type { Unlock } from "./open.js";
import { altered, headerMalformed } from "./refusals.js";
import { chunkSizeBytes, deriveStreamKey, openChunk, payloadNonceSizeBytes } from "./stream.js";

/** Sealed chunks that follow each other and are whole in the same copy; in none, where `copy` is undefined. */
export interface ChunkRun {
  readonly firstChunk: number;
  readonly count: number;
  /** An index among the copies: the first that has them whole. */
  readonly copy: number | undefined;
}

/** Bytes of the sealed file, and the copy that has them. */
export interface CopiedRange {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly copy: number | undefined;
}

/**
 * Looks for every chunk of an age file in its copies, and takes it from the first in which it authenticates. A header
 * counts where its MAC is right; the nonce after it has no MAC of its own, and of several the right one is that under which
 * chunks authenticate. So there is a survey for each beginning that was found: the one with most chunks first. The caller
 * wipes them all. `step` hears how many sealed bytes were looked at, and what it throws ends the survey. Throws what the
 * first header did where none is whole: HEADER_MALFORMED, HEADER_ALTERED, or what `unlock` throws.
 */
export async function surveyCopies(
  copies: readonly DamagedSource[],
  shape: SurveyedShape,
  unlock: Unlock,
  step: (doneBytes: number) => void = () => undefined,
): Promise<readonly CopiesSurvey[]> {
  const surveys = await findBeginnings(copies, shape, unlock);
  try {
    const chunkCount = chunksIn(shape);
    for (let first = 0; first < chunkCount; first += chunksPerRead) {
      const { offset } = placeOf(shape, first);
      step(offset);
      await surveyChunks(copies, shape, surveys, first, Math.min(chunksPerRead, chunkCount - first));
    }
    step(shape.sizeBytes);
    return [...surveys].sort((a, b) => a.lostBytes(0, shape.payloadSizeBytes) - b.lostBytes(0, shape.payloadSizeBytes));
  } catch (cause) {
    for (const survey of surveys) survey.wipe();
    throw cause;
  }
}

interface Beginning {
  readonly header: Uint8Array;
  readonly headerCopy: number;
  readonly nonceCopy: number;
  readonly streamKey: SecretBytes;
}

/** What one beginning of the file leads to. */
export class CopiesSurvey {
  readonly #copies: readonly DamagedSource[];
  readonly #shape: SurveyedShape;
  readonly #beginning: Beginning;
  readonly #runs: ChunkRun[] = [];

  constructor(copies: readonly DamagedSource[], shape: SurveyedShape, beginning: Beginning) {
    this.#copies = copies;
    this.#shape = shape;
    this.#beginning = beginning;
  }

  /** All of the file in order: header, nonce and chunks. */
  ranges(): readonly CopiedRange[] {
    const { header, headerCopy, nonceCopy } = this.#beginning;
    return [
      { offset: 0, sizeBytes: header.length, copy: headerCopy },
      { offset: header.length, sizeBytes: payloadNonceSizeBytes, copy: nonceCopy },
      ...this.#runs.map(({ firstChunk, count, copy }) => {
        const { offset } = placeOf(this.#shape, firstChunk);
        const last = placeOf(this.#shape, firstChunk + count - 1);
        return { offset, sizeBytes: last.offset + last.sizeBytes - offset, copy };
      }),
    ];
  }

  /** Of this range of the payload, how many bytes are in chunks that no copy has whole. */
  lostBytes(offset: number, sizeBytes: number): number {
    const rangeEnd = Math.min(offset + sizeBytes, this.#shape.payloadSizeBytes);
    let lost = 0;
    for (const { firstChunk, count, copy } of this.#runsIn(offset, rangeEnd)) {
      if (copy !== undefined) continue;
      const start = Math.max(offset, firstChunk * chunkSizeBytes);
      lost += Math.max(0, Math.min(rangeEnd, (firstChunk + count) * chunkSizeBytes) - start);
    }
    return lost;
  }

  /** Authenticated pieces of exactly this range of the payload. Throws ALTERED where a chunk is lost, or is so by now. */
  async *read(offset: number, sizeBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
    const end = offset + sizeBytes;
    const endChunk = sizeBytes === 0 ? 0 : Math.ceil(end / chunkSizeBytes);
    for (const run of this.#runsIn(offset, end)) {
      const runEnd = Math.min(run.firstChunk + run.count, endChunk);
      for (let first = Math.max(run.firstChunk, Math.floor(offset / chunkSizeBytes)); first < runEnd;) {
        const source = run.copy === undefined ? undefined : this.#copies[run.copy];
        if (source === undefined) throw altered();
        const indexes = indexesFrom(first, Math.min(chunksPerRead, runEnd - first));
        for await (const { index, sealed } of sealedChunks(source, this.#shape, indexes)) {
          const chunk = this.open(index, sealed);
          if (chunk === undefined) throw altered();
          const start = index * chunkSizeBytes;
          yield chunk.subarray(Math.max(0, offset - start), Math.min(chunk.length, end - start));
        }
        first += indexes.length;
      }
    }
  }

  /** Those in which this range of the payload stands: of a badly damaged copy there are as many as chunks. */
  *#runsIn(offset: number, end: number): Generator<ChunkRun, void> {
    let [first, last] = [0, this.#runs.length - 1];
    while (first < last) {
      const middle = Math.floor((first + last) / 2);
      const { firstChunk = 0, count = 0 } = this.#runs[middle] ?? {};
      if (offset < (firstChunk + count) * chunkSizeBytes) last = middle;
      else first = middle + 1;
    }
    for (let at = first; at < this.#runs.length; at++) {
      const run = this.#runs[at];
      if (run === undefined || run.firstChunk * chunkSizeBytes >= end) return;
      yield run;
    }
  }

  /** The chunk's plaintext, if it is whole. */
  open(index: number, sealed: Uint8Array | undefined): Uint8Array | undefined {
    if (sealed === undefined) return undefined;
    return openChunk(this.#beginning.streamKey, index, index === chunksIn(this.#shape) - 1, sealed);
  }

  /** Takes down where the next chunks are. */
  add(copies: readonly (number | undefined)[]): void {
    for (const copy of copies) {
      const last = this.#runs.at(-1);
      if (last !== undefined && last.copy === copy)
        this.#runs[this.#runs.length - 1] = { ...last, count: last.count + 1 };
      else this.#runs.push({ firstChunk: last === undefined ? 0 : last.firstChunk + last.count, count: 1, copy });
    }
  }

  wipe(): void {
    this.#beginning.streamKey.wipe();
  }
}

/** Every header that is whole with every nonce that follows it in any copy, each pair once. */
async function findBeginnings(
  copies: readonly DamagedSource[],
  shape: SurveyedShape,
  unlock: Unlock,
): Promise<readonly CopiesSurvey[]> {
  const headerSizeBytes = startSizeOf(shape) - payloadNonceSizeBytes;
  if (headerSizeBytes <= 0 || headerSizeBytes > headerCapBytes) throw headerMalformed("it has not the length it had");
  const nonces = await distinct(copies, headerSizeBytes, payloadNonceSizeBytes);
  const surveys: CopiesSurvey[] = [];
  let failure: EvsealError | undefined;
  for (const [headerCopy, header] of await distinct(copies, 0, headerSizeBytes)) {
    try {
      const parsed = parseHeader(header);
      const fileKey = await unlock(parsed);
      try {
        checkHeaderMac(parsed, fileKey);
        for (const [nonceCopy, nonce] of nonces) {
          const beginning = { header, headerCopy, nonceCopy, streamKey: deriveStreamKey(fileKey, nonce) };
          surveys.push(new CopiesSurvey(copies, shape, beginning));
        }
      } finally {
        fileKey.wipe();
      }
    } catch (cause) {
      if (!(cause instanceof EvsealError)) {
        for (const survey of surveys) survey.wipe();
        throw cause;
      }
      failure ??= cause;
    }
  }
  if (surveys.length === 0) throw failure ?? headerMalformed("no copy has it whole");
  return surveys;
}

/** The different bytes that the copies have at a place, each by the first copy that has them. */
async function distinct(
  copies: readonly DamagedSource[],
  offset: number,
  sizeBytes: number,
): Promise<readonly (readonly [copy: number, bytes: Uint8Array])[]> {
  const found = new Map<string, readonly [number, Uint8Array]>();
  for (const [copy, source] of copies.entries()) {
    const bytes = concat(await source.read(offset, sizeBytes));
    if (bytes.length === sizeBytes && !found.has(toHex(bytes))) found.set(toHex(bytes), [copy, bytes]);
  }
  return [...found.values()];
}

async function surveyChunks(
  copies: readonly DamagedSource[],
  shape: SurveyedShape,
  surveys: readonly CopiesSurvey[],
  first: number,
  count: number,
): Promise<void> {
  const found = surveys.map((survey) => ({ survey, copies: new Array<number | undefined>(count).fill(undefined) }));
  for (const [copy, source] of copies.entries()) {
    const wanted = indexesFrom(first, count).filter((index) =>
      found.some(({ copies }) => copies[index - first] === undefined),
    );
    for await (const { index, sealed } of sealedChunks(source, shape, wanted)) {
      for (const { survey, copies } of found) {
        if (copies[index - first] !== undefined) continue;
        const chunk = survey.open(index, sealed);
        if (chunk === undefined) continue;
        letGo(chunk as Uint8Array<ArrayBuffer>);
        copies[index - first] = copy;
      }
    }
  }
  for (const { survey, copies } of found) survey.add(copies);
}
