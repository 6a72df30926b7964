import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EvsealError, type ErrorCode } from "../../src/errors.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { checkHeaderMac, encodeHeader, parseHeader, readHeader } from "../../src/age/header.js";
import { open, openRandomAccess } from "../../src/age/open.js";
import { SourceReader } from "../../src/age/source-reader.js";
import { deriveStreamKey, payloadNonceSizeBytes, sealStream } from "../../src/age/stream.js";
import { byteByByte, bytesOf, gather, inPieces, inRandomPieces, inReusedBuffer, whole } from "./pieces.js";
import { allVectors, unlockVector, type Expectation, type Vector } from "./vectors.js";

/** How the classes of failure of the vectors are spelled here: the class must be right, not only that it failed. */
const codesOf: Record<Expectation, readonly ErrorCode[]> = {
  success: [],
  "no match": ["NOT_ADDRESSED_TO_US", "PASSPHRASE_WRONG"],
  "HMAC failure": ["HEADER_ALTERED"],
  "header failure": ["HEADER_MALFORMED"],
  "payload failure": ["ALTERED", "CUT_SHORT", "TRAILING_DATA"],
};

const armored = allVectors.filter((vector) => vector.armored);
const used = allVectors.filter((vector) => !vector.armored);
const opening = used.filter((vector) => vector.expect === "success");
const headerIsGood = used.filter((vector) => vector.expect !== "header failure");
/** 16 MB each: cut into single bytes only where a chunk ends, so that the tests stay quick. */
const large = ["stream_257_chunks", "stream_257_chunks_full", "stream_258_chunks"];

describe("every published age vector is used or left out by name", () => {
  it("knows all 143 and how they divide", () => {
    expect(allVectors).toHaveLength(143);
    expect(armored).toHaveLength(33);
    expect(used).toHaveLength(110);
    const counts = Object.fromEntries(
      Object.keys(codesOf).map((kind) => [kind, used.filter((vector) => vector.expect === kind).length]),
    );
    expect(counts).toEqual({
      success: 19,
      "no match": 12,
      "HMAC failure": 1,
      "header failure": 60,
      "payload failure": 18,
    });
  });

  it("leaves out the armored ones, and no other: evseal never writes or reads armor", () => {
    expect(armored.map(({ name }) => name)).toEqual([
      "armor_crlf",
      "armor_empty",
      "armor_empty_last_line",
      "armor_empty_line_begin",
      "armor_empty_line_end",
      "armor_eol_between_padding",
      "armor_full_last_line",
      "armor_garbage_encoded",
      "armor_garbage_leading",
      "armor_garbage_trailing",
      "armor_header_crlf",
      "armor_headers",
      "armor_hybrid",
      "armor_invalid_character_header",
      "armor_invalid_character_payload",
      "armor_long_line",
      "armor_lowercase",
      "armor_no_end_line",
      "armor_no_eol",
      "armor_no_match",
      "armor_no_padding",
      "armor_not_canonical",
      "armor_pgp_checksum",
      "armor_scrypt",
      "armor_short_line",
      "armor_whitespace_begin",
      "armor_whitespace_end",
      "armor_whitespace_eol",
      "armor_whitespace_last_line",
      "armor_whitespace_line_start",
      "armor_whitespace_outside",
      "armor_wrong_type",
      "armor_x25519",
    ]);
  });

  it("meets no key in a vector's head that it does not understand", () => {
    expect(allVectors.flatMap(({ unknownKeys }) => unknownKeys)).toEqual([]);
  });
});

describe.each(used.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
  it(`is a ${vector.expect}, whole`, () => expectOutcome(vector, whole(vector.file)));

  it.each([1, 2, 3])("is the same in random pieces (seed %i)", (seed) =>
    expectOutcome(vector, inRandomPieces(vector.file, seed, large.includes(name) ? 200_000 : 97)),
  );

  it("is the same from a source that uses one buffer for all", () =>
    expectOutcome(vector, inReusedBuffer(vector.file, large.includes(name) ? 65552 : 16)));

  it("is the same byte by byte", () =>
    expectOutcome(vector, large.includes(name) ? inPieces(vector.file, nearChunkEnds()) : byteByByte(vector.file)));

  it("is the same when read at random", async () => {
    const { bytes, error } = await readAtRandom(vector);
    expectCode(vector, error);
    if (vector.expect === "success") expect(sha256(bytes)).toBe(vector.payloadHash);
    // A sequential reader may give out more than one that saw the final chunk first, but nothing different.
    else if (bytes.length > 0) expect((await sequentially(vector)).bytes.subarray(0, bytes.length)).toEqual(bytes);
  });
});

describe("encoding again gives the same bytes", () => {
  it.each(headerIsGood.map((vector) => [vector.name, vector] as const))("header of %s", async (name, vector) => {
    const header = await readHeader(new SourceReader(whole(vector.file)));
    expect(vector.file.subarray(0, header.bytes.length)).toEqual(Buffer.from(header.bytes));
    const fileKey = fileKeyOf(vector);
    const again = encodeHeader(header.stanzas, fileKey);
    if (name === "hmac_bad") expect(again.bytes.subarray(0, -45)).toEqual(header.bytes.subarray(0, -45));
    else expect(again.bytes).toEqual(header.bytes);
    checkHeaderMac(parseHeader(again.bytes), fileKey);
  });

  it.each(opening.map((vector) => [vector.name, vector] as const))("payload of %s", async (_name, vector) => {
    const { header, payload } = await open(whole(vector.file), () => fileKeyOf(vector));
    const nonceEnd = header.bytes.length + payloadNonceSizeBytes;
    const streamKey = deriveStreamKey(fileKeyOf(vector), vector.file.subarray(header.bytes.length, nonceEnd));
    const sealedAgain = await bytesOf(sealStream(new SourceReader(payload), streamKey));
    expect(sealedAgain.equals(vector.file.subarray(nonceEnd))).toBe(true);
  });
});

async function expectOutcome(vector: Vector, source: AsyncIterable<Uint8Array>): Promise<void> {
  let released: Uint8Array = new Uint8Array(0);
  let failure: unknown;
  try {
    const { payload } = await open(source, unlockVector(vector));
    const outcome = await gather(payload);
    released = outcome.bytes;
    failure = outcome.error;
  } catch (error) {
    failure = error;
    expect(vector.expect, "failed before the payload").not.toBe("payload failure");
  }
  expectCode(vector, failure);
  if (vector.expect === "success" || vector.payloadHash !== undefined) {
    expect(sha256(released), "what was given out").toBe(vector.payloadHash);
  } else expect(released).toHaveLength(0);
}

function expectCode(vector: Vector, failure: unknown): void {
  if (vector.expect === "success") expect(failure).toBeUndefined();
  else {
    expect(failure).toBeInstanceOf(EvsealError);
    expect(codesOf[vector.expect as Expectation]).toContain((failure as EvsealError).code);
  }
}

function sequentially(vector: Vector): Promise<{ bytes: Buffer }> {
  return open(whole(vector.file), unlockVector(vector)).then(({ payload }) => gather(payload));
}

async function readAtRandom(vector: Vector): Promise<{ bytes: Buffer; error: unknown }> {
  const { file } = vector;
  const source = {
    sizeBytes: file.length,
    read: (offset: number, sizeBytes: number) => Promise.resolve(file.subarray(offset, offset + sizeBytes)),
  };
  try {
    const access = await openRandomAccess(source, unlockVector(vector));
    return await gather(access.read(0, access.payloadSizeBytes));
  } catch (error) {
    return { bytes: Buffer.alloc(0), error };
  }
}

function fileKeyOf(vector: Vector): SecretBytes {
  if (vector.fileKey === undefined) throw new Error(`${vector.name} states no file key`);
  return SecretBytes.take(Uint8Array.from(vector.fileKey));
}

/** Sizes that cut out single bytes at the start and around the ends of chunks, wherever the payload starts. */
function* nearChunkEnds(): Generator<number, void> {
  for (let index = 0; index < 4000; index++) yield 1;
  for (;;) {
    yield 65552 - 4500;
    for (let index = 0; index < 4500; index++) yield 1;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
