/** What the tests of packages on several discs pack. */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseVolumeSize } from "../../src/package/volumes.js";
import { pack, type PackRequest, type PackResult } from "../../src/sealing/pack.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";

export const sender = makeUnit("GMP");
export const receiver = makeUnit("SCAS");
export const sealedAt = new Date("2026-11-23T22:10:05Z");
export const evidence = randomBytes(5 * 1024 * 1024);

/** Without a volume. */
export async function usualRequest(): Promise<PackRequest> {
  const source = join(await temporaryFolder(), "INT-001");
  await mkdir(source);
  await writeFile(join(source, "a.mp4"), evidence);
  await writeFile(join(source, "b.txt"), "notes");
  return {
    sources: [source],
    recipients: [receiver.card],
    sender,
    outDir: await temporaryFolder(),
    record: { case: "2026/114" },
    clock: () => sealedAt,
    watch: quietWatch(),
  };
}

/** On three discs. */
export async function packed(changed: Partial<PackRequest> = {}): Promise<PackResult & { outDir: string }> {
  const request = { ...(await usualRequest()), volume: parseVolumeSize("6MiB"), ...changed };
  return { ...(await pack(request)), outDir: request.outDir };
}
