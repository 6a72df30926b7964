import fs from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { DurableFile } from "../../src/output/durable-file.js";
import { QuickerWay } from "../../src/output/quicker-way.js";
import { pageMemory } from "../page-memory.js";
import { standIn, type Call } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

it("is closed after what a write begins that was under way: the next file would have its number", async () => {
  const order: string[] = [];
  standIn(fs, "fdatasync", (fdatasync) => (descriptor, done) => {
    const ended: Call = (...given) => {
      order.push("flushed");
      return (done as Call)(...given);
    };
    globalThis.setTimeout(() => fdatasync(descriptor, ended), 20); // a slow disk
  });
  standIn(fs, "closeSync", (closeSync) => (...given) => {
    order.push("closed");
    return closeSync(...given);
  });
  const file = new DurableFile(join(await temporaryFolder(), "file"), new QuickerWay());
  const writing = file.writeAside(pageMemory(32 * 1024 * 1024));
  file.abandon();
  await writing;
  await vi.waitFor(() => expect(order).toContain("closed"), 30_000);
  expect(order[0]).toBe("flushed");
});
