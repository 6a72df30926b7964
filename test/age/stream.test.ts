import { createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import type { ErrorCode } from "../../src/errors.js";
import { countChunks, deriveStreamKey, openChunk, sealChunk, sealedPayloadSizeBytes } from "../../src/age/stream.js";
import { pattern, whole } from "./pieces.js";
import { refusal } from "./refusal.js";
import { openBytes } from "./sealed-files.js";
import { allVectors, unlockVector } from "./vectors.js";

const key = SecretBytes.take(pattern(32));
const full = pattern(65536);

describe("one chunk", () => {
  it.each([
    [0, false, "000000000000000000000000"],
    [0, true, "000000000000000000000001"],
    [1, false, "000000000000000000000100"],
    [0x01020304, true, "000000000000000102030401"],
    [2 ** 32 + 5, false, "000000000000010000000500"],
    [2 ** 53 - 1, true, "000000001fffffffffffff01"],
  ])("number %i, final %s, is sealed under the nonce %s", (index, isFinal, nonce) => {
    const sealed = sealChunk(key, index, isFinal, full);
    const decipher = createDecipheriv("chacha20-poly1305", key.expose(), Buffer.from(nonce, "hex"), {
      authTagLength: 16,
    });
    decipher.setAuthTag(sealed.subarray(-16));
    expect(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).equals(full)).toBe(true);
    const opened = openChunk(key, index, isFinal, sealed) ?? new Uint8Array(0);
    expect(Buffer.from(opened).equals(full)).toBe(true);
  });

  it("opens at its own place only, and as final only if it is", () => {
    const sealed = sealChunk(key, 7, false, full);
    expect(openChunk(key, 8, false, sealed)).toBeUndefined();
    expect(openChunk(key, 7, true, sealed)).toBeUndefined();
    expect(openChunk(SecretBytes.take(pattern(33).subarray(1)), 7, false, sealed)).toBeUndefined();
  });

  it.each([2 ** 53, -1, 0.5, Number.NaN])("number %d is a fault, since a counter must never wrap", async (index) => {
    expect(await refusal(() => sealChunk(key, index, false, full))).toBe("INTERNAL");
    expect(await refusal(() => openChunk(key, index, false, full))).toBe("INTERNAL");
  });

  it("is refused when it is short in the middle, empty after others, or too long", async () => {
    expect(await refusal(() => sealChunk(key, 0, false, pattern(65535)))).toBe("INTERNAL");
    expect(await refusal(() => sealChunk(key, 1, true, pattern(0)))).toBe("INTERNAL");
    expect(await refusal(() => sealChunk(key, 0, true, pattern(65537)))).toBe("INTERNAL");
    expect(sealChunk(key, 0, true, pattern(0))).toHaveLength(16);
  });
});

describe("the payload's key", () => {
  it("takes a file key and a nonce of 16 bytes each", async () => {
    const fileKey = SecretBytes.take(pattern(16));
    expect(deriveStreamKey(fileKey, pattern(16)).sizeBytes).toBe(32);
    expect(await refusal(() => deriveStreamKey(fileKey, pattern(15)))).toBe("INTERNAL");
    expect(await refusal(() => deriveStreamKey(key, pattern(16)))).toBe("INTERNAL");
  });
});

describe("a sealed payload's size", () => {
  it.each([
    [16, 1],
    [17, 1],
    [65552, 1],
    [65552 + 17, 2],
    [2 * 65552, 2],
  ])("%i bytes are %i chunks", (size, count) => expect(countChunks(size)).toBe(count));

  it.each([
    [0, 16],
    [1, 17],
    [65_536, 65_552],
    [65_537, 65_569],
    [3 * 65_536, 3 * 65_552],
  ])("a payload of %i bytes is %i when it is sealed", (size, sealedSize) => {
    expect(sealedPayloadSizeBytes(size)).toBe(sealedSize);
  });

  it.each([0, 15, 65552 + 1, 65552 + 16, 2 * 65552 + 15])("%i bytes are no whole payload", async (size) => {
    expect(await refusal(() => countChunks(size))).toBe("CUT_SHORT");
  });
});

/** The vectors say only "payload failure"; these are the words evseal has for it, and how much it gave out before. */
const failures: readonly (readonly [string, ErrorCode, number])[] = [
  ["stream_bad_tag", "ALTERED", 0],
  ["stream_bad_tag_second_chunk", "ALTERED", 65536],
  ["stream_bad_tag_second_chunk_full", "ALTERED", 65536],
  ["stream_last_chunk_empty", "CUT_SHORT", 65536],
  ["stream_missing_tag", "CUT_SHORT", 0],
  ["stream_no_chunks", "CUT_SHORT", 0],
  ["stream_no_final", "ALTERED", 0],
  ["stream_no_final_full", "CUT_SHORT", 65536],
  ["stream_no_final_two_chunks", "ALTERED", 65536],
  ["stream_no_final_two_chunks_full", "CUT_SHORT", 131072],
  ["stream_short_chunk", "CUT_SHORT", 0],
  ["stream_short_second_chunk", "CUT_SHORT", 65536],
  ["stream_trailing_garbage_long", "TRAILING_DATA", 65536],
  ["stream_trailing_garbage_short", "TRAILING_DATA", 65536],
  ["stream_two_final_chunks", "TRAILING_DATA", 65536],
  ["stream_two_final_chunks_full", "TRAILING_DATA", 65536],
  ["stream_two_final_chunks_second", "TRAILING_DATA", 131072],
  ["stream_two_final_chunks_short", "ALTERED", 0],
];

describe("a payload that fails", () => {
  it("has all 18 vectors named here", () => {
    const named = allVectors.filter(({ armored, expect }) => !armored && expect === "payload failure");
    expect(failures.map(([name]) => name)).toEqual(named.map(({ name }) => name));
  });

  it.each(failures)("%s: %s after %i bytes", async (name, code, released) => {
    const vector = allVectors.find((candidate) => candidate.name === name);
    if (vector === undefined) throw new Error(`no vector ${name}`);
    const { bytes, error } = await openBytes(whole(vector.file), unlockVector(vector));
    expect(error).toMatchObject({ code });
    expect(bytes).toHaveLength(released);
  });
});
