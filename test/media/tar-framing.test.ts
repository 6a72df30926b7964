import { describe, expect, it } from "vitest";
import { frameTar } from "../../src/media/tar-framing.js";
import { layOutMedia } from "../../src/package/media-archive.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { drain } from "../../src/bytes.js";

const sizes = [3_000_000, 0, 5];
const layout = layOutMedia(
  "EV-7K3Q-9M2X-TB4H",
  sizes.map((sizeBytes, index) => ({
    path: PortablePath.parse(`INT/${index}`),
    sizeBytes,
    modified: "2026-11-20T10:00:00.000000000Z",
  })),
);

describe("framing", () => {
  it("passes on what a content throws, and does not read the next", async () => {
    const read: number[] = [];
    const framed = frameTar(layout, async function* (index) {
      read.push(index);
      yield await Promise.resolve(new Uint8Array(1000));
      throw new Error(`source ${index} changed`);
    });
    await expect(drain(framed)).rejects.toThrow("source 0 changed");
    expect(read).toEqual([0]);
  });

  it("closes the content it is reading when nobody wants the rest", async () => {
    let done: (value: string) => void = () => undefined;
    const wasClosed = new Promise<string>((resolve) => (done = resolve));
    const framed = frameTar(layout, async function* (index) {
      try {
        for (let left = sizes[index] ?? 0; left > 0; left -= 1000) yield await Promise.resolve(new Uint8Array(1000));
      } finally {
        done("closed");
      }
    });
    for await (const chunk of framed) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await wasClosed).toBe("closed");
  });

  it("asks for no more than it is asked for: memory stays flat", async () => {
    let readBytes = 0;
    const framed = frameTar(layout, async function* () {
      for (let left = 3_000_000; left > 0; left -= 10_000) {
        readBytes += 10_000;
        yield await Promise.resolve(new Uint8Array(10_000));
      }
    });
    await framed.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readBytes).toBeLessThan(2_500_000);
    await framed.return();
  });
});
