import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../src/bytes.js";
import { MediaArchiveReader } from "../../src/package/media-archive-reader.js";
import { entriesOf, layOutMedia } from "../../src/package/media-archive.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { encodeTarHeader } from "../../src/package/tar-header.js";
import { makeArchive } from "../media-archive.js";
import { refusal } from "../refusal.js";
import { seal } from "./documents.js";

const contents = [utf8("a".repeat(700)), new Uint8Array(0), utf8("b".repeat(512)), utf8("c")];
const files = contents.map((content, index) => ({
  path: PortablePath.parse(`INT/${index}${index === 3 ? "é" : ""}.bin`),
  sizeBytes: content.length,
  modified: "2026-11-20T10:00:00.000000000Z",
}));
const layout = layOutMedia(seal, files);
const entries = [...entriesOf(layout)];

const archive = makeArchive(layout, contents);

function read(...chunks: Uint8Array[]): Buffer[] {
  const received: Buffer[][] = [];
  const ended: number[] = [];
  const reader = new MediaArchiveReader(entries, layout.padding, {
    begin: () => void received.push([]),
    piece: (bytes) => void received.at(-1)?.push(Buffer.from(bytes)),
    end: () => void ended.push(received.length),
  });
  for (const chunk of chunks) reader.take(chunk);
  reader.end();
  expect(ended).toEqual(received.map((_, index) => index + 1));
  return received.map((pieces) => Buffer.concat(pieces));
}

describe("the media archive", () => {
  it("has exactly the length its layout says, each content at its offset", () => {
    expect(archive).toHaveLength(layout.archiveSizeBytes);
    entries.forEach(({ entry, offset }, index) => {
      expect(Buffer.from(archive.subarray(offset, offset + entry.sizeBytes))).toEqual(
        Buffer.from(contents[index] ?? []),
      );
    });
  });

  it("gives every content back, however its bytes arrive", () => {
    const whole = contents.map((content) => Buffer.from(content));
    expect(read(archive)).toEqual(whole);
    expect(read(...Array.from(archive, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(read(archive.subarray(0, 513), new Uint8Array(0), archive.subarray(513))).toEqual(whole);
  });

  it("is refused cut short anywhere, or with anything after it", () => {
    for (let length = 0; length < archive.length; length += 64) {
      expect(() => read(archive.subarray(0, length))).toThrow(refusal("CONTENT_DIFFERS"));
    }
    expect(() => read(archive, Uint8Array.of(0))).toThrow(refusal("CONTENT_DIFFERS"));
  });

  it("is refused with any byte changed that is not content", () => {
    const isContent = (at: number): boolean =>
      entries.some(({ entry, offset }) => at >= offset && at < offset + entry.sizeBytes);
    for (let at = 0; at < archive.length; at++) {
      if (isContent(at)) continue;
      const changed = archive.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => read(changed), `byte ${at}`).toThrow(refusal("CONTENT_DIFFERS"));
    }
  });

  it("is refused with an entry twice, missing, exchanged or added", () => {
    const starts = entries.map(({ entry, offset }) => offset - encodeTarHeader(entry).length);
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
      expect(() => read(concat(...pieces))).toThrow(refusal("CONTENT_DIFFERS"));
    }
  });

  it("is refused when its receiver fails", () => {
    const fail = (): void => {
      throw new Error("disk full");
    };
    const reader = new MediaArchiveReader(entries, layout.padding, { begin: fail, piece: fail, end: fail });
    expect(() => reader.take(archive)).toThrow("disk full");
  });
});
