import { describe, expect, it } from "vitest";
import { collect, concat, utf8 } from "../../src/bytes.js";
import { frameTar } from "../../src/media/tar-framing.js";
import { readMediaArchive } from "../../src/package/media-archive-reader.js";
import { layOutMedia } from "../../src/package/media-archive.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { encodeTarHeader } from "../../src/package/tar-header.js";
import { refusal } from "../refusal.js";
import { seal } from "./documents.js";

const contents = [utf8("a".repeat(700)), new Uint8Array(0), utf8("b".repeat(512)), utf8("c")];
const files = contents.map((content, index) => ({
  path: PortablePath.parse(`INT/${index}${index === 3 ? "é" : ""}.bin`),
  sizeBytes: content.length,
  modified: "2026-11-20T10:00:00.000000000Z",
}));
const layout = layOutMedia(seal, files);

async function* of(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const makeArchive = (): Promise<Uint8Array> =>
  collect(
    frameTar(layout, (index) => of(contents[index] ?? new Uint8Array(0))),
    layout.archiveSizeBytes,
    () => new Error("longer than its layout"),
  );

async function read(...chunks: Uint8Array[]): Promise<Buffer[]> {
  const received: Buffer[] = [];
  await readMediaArchive(of(...chunks), layout, async (index, content) => {
    received[index] = Buffer.from(await collect(content, 1 << 20, () => new Error("too long")));
  });
  return received;
}

describe("the media archive", () => {
  it("has exactly the length its layout says, each content at its offset", async () => {
    const archive = await makeArchive();
    expect(archive).toHaveLength(layout.archiveSizeBytes);
    layout.entries.forEach(({ entry, offset }, index) => {
      expect(Buffer.from(archive.subarray(offset, offset + entry.sizeBytes))).toEqual(
        Buffer.from(contents[index] ?? []),
      );
    });
  });

  it("gives every content back, however its bytes arrive", async () => {
    const archive = await makeArchive();
    const whole = contents.map((content) => Buffer.from(content));
    expect(await read(archive)).toEqual(whole);
    expect(await read(...Array.from(archive, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(await read(archive.subarray(0, 513), new Uint8Array(0), archive.subarray(513))).toEqual(whole);
  });

  it("is refused cut short anywhere, or with anything after it", async () => {
    const archive = await makeArchive();
    for (let length = 0; length < archive.length; length += 64) {
      await expect(read(archive.subarray(0, length))).rejects.toThrow(refusal("CONTENT_DIFFERS"));
    }
    await expect(read(archive, Uint8Array.of(0))).rejects.toThrow(refusal("CONTENT_DIFFERS"));
  });

  it("is refused with any byte changed that is not content", async () => {
    const archive = await makeArchive();
    const isContent = (at: number): boolean =>
      layout.entries.some(({ entry, offset }) => at >= offset && at < offset + entry.sizeBytes);
    for (let at = 0; at < archive.length; at++) {
      if (isContent(at)) continue;
      const changed = archive.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(read(changed), `byte ${at}`).rejects.toThrow(refusal("CONTENT_DIFFERS"));
    }
  });

  it("is refused with an entry twice, missing, exchanged or added", async () => {
    const archive = await makeArchive();
    const starts = layout.entries.map(({ entry, offset }) => offset - encodeTarHeader(entry).length);
    const [, second = 0, third = 0, fourth = 0] = starts;
    const [one, two, three, rest] = [
      archive.subarray(0, second),
      archive.subarray(second, third),
      archive.subarray(third, fourth),
      archive.subarray(fourth),
    ];
    const link = encodeTarHeader({ path: `${seal}/media/INT/x`, sizeBytes: 0, modifiedSeconds: 0 });
    link[156] = "2".charCodeAt(0);
    for (const pieces of [
      [one, two, two, three, rest],
      [one, three, rest],
      [two, one, three, rest],
      [one, two, three, link, rest],
    ]) {
      await expect(read(concat(...pieces))).rejects.toThrow(refusal("CONTENT_DIFFERS"));
    }
  });

  it("closes its source when the receiver fails", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        yield await makeArchive();
      } finally {
        closed = true;
      }
    }
    const failing = readMediaArchive(source(), layout, () => Promise.reject(new Error("disk full")));
    await expect(failing).rejects.toThrow("disk full");
    expect(closed).toBe(true);
  });
});
