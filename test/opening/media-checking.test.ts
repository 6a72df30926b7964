import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { expect, it } from "vitest";
import { Sha256 } from "../../src/crypto/digest.js";
import { mediaChecking } from "../../src/opening/media-checking.js";
import { entryOf } from "../../src/package/media-archive.js";
import { encodeTarHeader } from "../../src/package/tar-header.js";
import { BlockRing } from "../../src/ring/block-ring.js";
import { PackedList } from "../../src/ring/packed-list.js";
import { runPipeline } from "../../src/ring/pipeline.js";
import { useStage, type StageKind } from "../../src/ring/stage.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { standIn, type Call } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";

const seal = "EV-0000-0000-0001";
const mib = 1024 * 1024;

it("what is on its way to the disk stays as it is until it was written, even of a file that turns out to differ", async () => {
  const content = randomBytes(mib + 4096);
  const sha256 = new Sha256().update(content).hex();
  const file = { path: "a", sizeBytes: content.length, modified: "2026-11-20T10:00:00Z", sha256 };
  content[0] = (content[0] ?? 0) ^ 1;
  const archive = Buffer.concat([encodeTarHeader(entryOf(seal, file)), content]);
  const filling: StageKind<null, null> = {
    name: "filling",
    start: (ring) => ({
      work: (n) => ring.clearBytes(n).set(archive.subarray(n * mib, (n + 1) * mib)),
      finish: () => null,
      close: () => undefined,
    }),
  };
  let begun = 0;
  const changed: boolean[] = [];
  standIn(fs, "write", (write) => (...given) => {
    begun += 1;
    const bytes = given[1] as Uint8Array;
    const before = Buffer.from(bytes);
    const done = given.pop() as Call;
    const ended: Call = (...results) => {
      changed.push(!before.equals(bytes));
      return done(...results);
    };
    globalThis.setTimeout(() => write(...given, ended), 20); // a slow disk
  });
  const into = await temporaryFolder();
  const padding = { path: "padding", sizeBytes: 0, modifiedSeconds: 0 };
  const data = () => ({ seal, files: PackedList.of([file]), padding, into });
  const ring = BlockRing.create({ slots: 1, turns: 2, payloadSizeBytes: archive.length, startSizeBytes: 0 });
  const stages = [useStage(filling, () => null), useStage(mediaChecking, data)] as const;
  const run = runPipeline<[null, null]>(ring, [...stages], { cores: 1 }, quietWatch(), "opening");
  await expect(run).rejects.toEqual(refusal("CONTENT_DIFFERS"));
  expect(begun).toBeGreaterThan(1);
  expect(changed).toEqual(Array.from({ length: begun }, () => false));
});
