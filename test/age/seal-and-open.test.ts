import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateIdentity } from "../../src/age/identity.js";
import { open, openRandomAccess } from "../../src/age/open.js";
import { Plaintext, seal } from "../../src/age/seal.js";
import { EvsealError } from "../../src/errors.js";
import { byteByByte, bytesOf, inPieces, inReusedBuffer, pattern, whole } from "./pieces.js";
import { refusal } from "./refusal.js";
import { openBytes, sealBytes, sourceOf, unlockWith } from "./sealed-files.js";

const chunk = 65536;
const sealedChunk = chunk + 16;
const us = generateIdentity("X25519");
const nearChunkEnds = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 2 }))
  .map(([chunks, around]) => Math.max(0, chunks * chunk + around));
const sizes = fc.oneof(nearChunkEnds, fc.integer({ min: 0, max: 3 * chunk }));
const cuts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 });

describe("whatever was sealed comes back", () => {
  it("for every size and every way of cutting both sides", () =>
    fc.assert(
      fc.asyncProperty(sizes, cuts, cuts, async (size, sealCuts, openCuts) => {
        const plaintext = pattern(size);
        const sealed = await bytesOf(
          seal(Plaintext.of(inPieces(plaintext, repeat(sealCuts))), [us.recipient]).chunks(),
        );
        const { bytes, error } = await openBytes(inPieces(sealed, repeat(openCuts)), unlockWith(us));
        expect(error).toBeUndefined();
        expect(bytes.equals(plaintext)).toBe(true);
        expect(sealed).toHaveLength(184 + 16 * Math.max(1, Math.ceil(size / chunk)) + size);
      }),
      { numRuns: 60, seed: 1 },
    ));

  it.each([0, 1, chunk, chunk + 1])("byte by byte, %i bytes", async (size) => {
    const plaintext = pattern(size);
    const sealed = await bytesOf(seal(Plaintext.of(byteByByte(plaintext)), [us.recipient]).chunks());
    expect((await openBytes(byteByByte(sealed), unlockWith(us))).bytes.equals(plaintext)).toBe(true);
  });

  it.each([1000, chunk, sealedChunk, 3 * chunk])("from a source that uses its buffer of %i again", async (size) => {
    const plaintext = pattern(4 * chunk);
    const sealed = await bytesOf(seal(Plaintext.of(inReusedBuffer(plaintext, size)), [us.recipient]).chunks());
    expect((await openBytes(inReusedBuffer(sealed, size), unlockWith(us))).bytes.equals(plaintext)).toBe(true);
  });

  it("in any range, when read at random", () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, a, b) => {
        const plaintext = pattern(size);
        const access = await openRandomAccess(sourceOf(await sealBytes(plaintext, [us])), unlockWith(us));
        const [start = 0, end = 0] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y);
        expect(access.payloadSizeBytes).toBe(size);
        expect((await bytesOf(access.read(start, end - start))).equals(plaintext.subarray(start, end))).toBe(true);
      }),
      { numRuns: 60, seed: 2 },
    ));

  it("more than a megabyte, when read at random in one go", async () => {
    const plaintext = pattern(20 * chunk + 5);
    const access = await openRandomAccess(sourceOf(await sealBytes(plaintext, [us])), unlockWith(us));
    expect((await bytesOf(access.read(7, 20 * chunk - 3))).equals(plaintext.subarray(7, 20 * chunk + 4))).toBe(true);
  });

  it("and is never the same twice", async () => {
    const [one, two] = [await sealBytes(pattern(100), [us]), await sealBytes(pattern(100), [us])];
    expect(one.subarray(-116).equals(two.subarray(-116))).toBe(false);
  });
});

describe("a damaged file is refused for what it is", () => {
  const plaintext = pattern(20);

  it("cut anywhere", async () => {
    const sealed = await sealBytes(plaintext, [us]);
    const headerSize = sealed.length - plaintext.length - 16 - 16;
    const codes = await Promise.all(
      Array.from({ length: sealed.length }, (_, size) => codeAndBytes(sealed.subarray(0, size))),
    );
    // The nonce belongs to what must be there before a payload can be spoken of.
    expect(codes.slice(0, headerSize + 16)).toEqual(Array(headerSize + 16).fill(["HEADER_MALFORMED", 0]));
    expect(codes.slice(headerSize + 16, headerSize + 32)).toEqual(Array(16).fill(["CUT_SHORT", 0]));
    expect(codes.slice(headerSize + 32)).toEqual(Array(plaintext.length).fill(["ALTERED", 0]));
  });

  it("cut where a chunk ends: cut short, with all that came before it given out", async () => {
    const sealed = await sealBytes(pattern(2 * chunk + 1), [us]);
    const cut = sealed.subarray(0, sealed.length - 17);
    expect(await codeAndBytes(cut)).toEqual(["CUT_SHORT", 2 * chunk]);
    expect(await refusal(() => openRandomAccess(sourceOf(cut), unlockWith(us)))).toBe("CUT_SHORT");
    const cutAgain = cut.subarray(0, -sealedChunk);
    expect(await codeAndBytes(cutAgain)).toEqual(["CUT_SHORT", chunk]);
  });

  it.each([1, 16, 17, sealedChunk])("with %i bytes added after a full last chunk", async (added) => {
    const sealed = Buffer.concat([await sealBytes(pattern(chunk), [us]), Buffer.alloc(added)]);
    expect(await codeAndBytes(sealed)).toEqual(["TRAILING_DATA", chunk]);
  });

  it("with a byte added after a short last chunk, which cannot be told from an altered one", async () => {
    expect(await codeAndBytes(Buffer.concat([await sealBytes(plaintext, [us]), Buffer.alloc(1)]))).toEqual([
      "ALTERED",
      0,
    ]);
  });

  it("with two chunks in each other's place", async () => {
    const sealed = await sealBytes(pattern(3 * chunk), [us]);
    const start = sealed.length - 3 * sealedChunk;
    const at = (index: number): Buffer =>
      sealed.subarray(start + index * sealedChunk, start + (index + 1) * sealedChunk);
    const swapped = Buffer.concat([sealed.subarray(0, start), at(1), at(0), at(2)]);
    expect(await codeAndBytes(swapped)).toEqual(["ALTERED", 0]);
    const access = await openRandomAccess(sourceOf(swapped), unlockWith(us));
    expect(await refusal(() => bytesOf(access.read(chunk, 1)))).toBe("ALTERED");
    expect(await bytesOf(access.read(2 * chunk, 9))).toHaveLength(9);
  });

  it("with any single bit turned over", async () => {
    const sealed = await sealBytes(plaintext, [us]);
    const headerSize = sealed.length - plaintext.length - 16 - 16;
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const [code, released] = await codeAndBytes(withBitFlipped(sealed, bit));
      const allowed =
        bit < headerSize * 8 ? ["HEADER_MALFORMED", "HEADER_ALTERED", "NOT_ADDRESSED_TO_US"] : ["ALTERED"];
      expect(allowed, `bit ${bit}`).toContain(code);
      expect(released).toBe(0);
    }
  });

  it("with a bit turned over in any byte of a hybrid file", async () => {
    const hybrid = generateIdentity("mlkem768x25519");
    const sealed = await sealBytes(plaintext, [hybrid]);
    for (let byte = 0; byte < sealed.length; byte++) {
      const { bytes, error } = await openBytes(
        whole(withBitFlipped(sealed, byte * 8 + (byte % 8))),
        unlockWith(hybrid),
      );
      expect(error, `byte ${byte}`).toBeInstanceOf(EvsealError);
      expect((error as EvsealError).exitCode, `byte ${byte}`).toBeOneOf([5, 6]);
      expect(bytes).toHaveLength(0);
    }
  });
});

describe("reading at random", () => {
  it("refuses a range that is not all inside", async () => {
    const access = await openRandomAccess(sourceOf(await sealBytes(pattern(10), [us])), unlockWith(us));
    expect(await refusal(() => bytesOf(access.read(5, 6)))).toBe("INTERNAL");
    expect(await refusal(() => bytesOf(access.read(-1, 2)))).toBe("INTERNAL");
    expect(await refusal(() => bytesOf(access.read(3, -1)))).toBe("INTERNAL");
    expect(await bytesOf(access.read(10, 0))).toHaveLength(0);
  });

  it("says cut short when the file shrinks while it is read", async () => {
    const source = sourceOf(await sealBytes(pattern(2 * chunk), [us]));
    let sizeNow = source.sizeBytes;
    const shrinking = {
      sizeBytes: source.sizeBytes,
      read: async (offset: number, size: number) => source.read(offset, Math.max(0, Math.min(size, sizeNow - offset))),
    };
    const access = await openRandomAccess(shrinking, unlockWith(us));
    sizeNow = 1000;
    expect(await refusal(() => bytesOf(access.read(0, 10)))).toBe("CUT_SHORT");
    sizeNow = 0;
    expect(await refusal(() => openRandomAccess(shrinking, unlockWith(us)))).toBe("HEADER_MALFORMED");
  });

  it("has forgotten its key once it was wiped", async () => {
    const access = await openRandomAccess(sourceOf(await sealBytes(pattern(10), [us])), unlockWith(us));
    access.wipe();
    expect(await refusal(() => bytesOf(access.read(0, 1)))).toBe("INTERNAL");
  });
});

describe("a source that fails or is given up", () => {
  it("has its own error passed on as it is", async () => {
    const broken = new Error("the disc was pulled out");
    async function* source(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(pattern(chunk + 5));
      throw broken;
    }
    await expect(bytesOf(seal(Plaintext.of(source()), [us.recipient]).chunks())).rejects.toBe(broken);
    const sealed = await sealBytes(pattern(2 * chunk), [us]);
    async function* cut(): AsyncGenerator<Uint8Array, void> {
      yield await Promise.resolve(sealed.subarray(0, chunk + 300));
      throw broken;
    }
    expect(await openBytes(cut(), unlockWith(us))).toEqual({ bytes: Buffer.from(pattern(chunk)), error: broken });
  });

  it("is told when nobody reads on", async () => {
    const sealed = await sealBytes(pattern(3 * chunk), [us]);
    const source = watched(sealed);
    const { payload } = await open(source.pieces, unlockWith(us));
    for await (const piece of payload) {
      expect(piece).toHaveLength(chunk);
      break;
    }
    expect(source.closed()).toBe(true);
  });

  it("is told when its header is refused, and a failure in closing does not hide why", async () => {
    const source = watched(Buffer.from("not an age file\n--- \nmore"), new Error("cannot close"));
    expect(await refusal(() => open(source.pieces, unlockWith(us)))).toBe("HEADER_MALFORMED");
    expect(source.closed()).toBe(true);
  });
});

async function codeAndBytes(sealed: Uint8Array): Promise<[string, number]> {
  const { bytes, error } = await openBytes(whole(sealed), unlockWith(us));
  return [error instanceof EvsealError ? error.code : String(error), bytes.length];
}

function withBitFlipped(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function watched(bytes: Uint8Array, failure?: Error): { pieces: AsyncIterable<Uint8Array>; closed: () => boolean } {
  let closed = false;
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    try {
      for (let offset = 0; offset < bytes.length; offset += 1000) {
        yield await Promise.resolve(bytes.subarray(offset, offset + 1000));
      }
      yield bytes.subarray(0, 0);
    } finally {
      closed = true;
      // eslint-disable-next-line no-unsafe-finally -- this is what is tested: a source that fails while it closes
      if (failure !== undefined) throw failure;
    }
  }
  return { pieces: pieces(), closed: () => closed };
}

function* repeat(values: readonly number[]): Generator<number, void> {
  if (values.every((value) => value === 0)) yield Infinity;
  for (;;) yield* values;
}
