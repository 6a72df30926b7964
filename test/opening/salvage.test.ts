import fsPromises, { cp, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { salvagePackage } from "../../src/opening/salvage-package.js";
import type { SalvageResult } from "../../src/opening/salvage-result.js";
import { findLeftovers } from "../../src/output/leftovers.js";
import { howToName, partName, salvagedName } from "../../src/package/names.js";
import { interrupted } from "../../src/watch.js";
import { refusal } from "../refusal.js";
import { standIn, systemError } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";
import { unreadableAt } from "../unreadable.js";
import { identities, other, receiver, sender, trusted, watch } from "./attack.js";
import { copiesOf, damage, names, payloadStartOf, seal, sealedChunkSizeBytes, type Copies } from "./copies.js";
import { forgePackage } from "./forged-package.js";

// In the archive: a.mp4 from 512, b.mp4 from 302,080 (its header is longer), and both texts in the last chunk.
const files: Readonly<Record<string, string>> = {
  "INT/a.mp4": "a".repeat(300_000),
  "INT/b\u200b.mp4": "b".repeat(300_000),
  "INT/c.txt": "note",
  "INT/empty.txt": "",
};
const [aPath = "", bPath = "", cPath = "", emptyPath = ""] = Object.keys(files);
const folderName = `UNVERIFIED-PARTIAL-${seal}`;
let outDir = "";
let copies: Copies = ["", ""];
let container = "";
let start = 0;
const chunkAt = (index: number): number => start + index * sealedChunkSizeBytes;

beforeEach(async () => {
  outDir = await temporaryFolder();
  copies = await copiesOf({ files });
  container = join(copies[0], names.container);
  start = payloadStartOf(await readFile(container));
});

const options = () => ({ outDir, trusted, identities, watch });
const salvage = (paths: readonly string[] = [copies[0]]): Promise<SalvageResult> => salvagePackage(paths, options());
const statesOf = ({ files }: SalvageResult): readonly string[] =>
  files.map(({ state, lostBytes }) => (lostBytes > 0 ? `${state} ${lostBytes}` : state));

/** Exactly these files, with their content, the proof and the report. */
async function expectRecovered(wanted: readonly string[]): Promise<string> {
  const folder = join(outDir, folderName);
  expect(await readdir(outDir)).toEqual([folderName]);
  expect((await readdir(folder)).sort()).toEqual(["REPORT.txt", "manifest.json", "manifest.json.minisig", "media"]);
  const media = join(folder, "media");
  const found = (await readdir(media, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(found.map(({ name }) => `INT/${name}`).sort()).toEqual([...wanted].sort());
  for (const path of wanted) {
    expect(await readFile(join(media, path), "utf8")).toBe(files[path]);
    expect((await stat(join(media, path))).mtime.toISOString()).toBe("2026-11-20T10:00:00.000Z");
  }
  expect(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"))).toMatchObject({ seal });
  return await readFile(join(folder, "REPORT.txt"), "utf8");
}

describe("salvaging", () => {
  it("a whole package gives all of it", async () => {
    const result = await salvage();
    expect(result).toMatchObject({ ok: true, seal, whole: 4, partial: 0, lost: 0, lostBytes: 0, bytes: 600_004 });
    expect(result.out).toBe(join(outDir, salvagedName(seal)));
    const report = await expectRecovered(Object.keys(files));
    expect(report).toContain("recovered: 4 of 4 files");
    expect(report).toContain("Nothing is lost");
  });

  it("gives the files of which every chunk is whole, and a report of the others", async () => {
    await damage(container, chunkAt(6) + 7);
    const result = await salvage();
    expect(statesOf(result)).toEqual(["whole", "partial 65536", "whole", "whole"]);
    expect(result).toMatchObject({ ok: false, whole: 3, partial: 1, lost: 0, lostBytes: 65_536, bytes: 300_004 });
    expect(result.sender.unit).toBe("GMP");
    const report = await expectRecovered([aPath, cPath, emptyPath]);
    expect(report.replace(/[0-9a-f]{64}/, "FINGERPRINT")).toMatchInlineSnapshot(`
      "UNVERIFIED, PARTIAL: what evseal salvage recovered from package EV-F0RG-ED00-0001

      sender: GMP, FINGERPRINT
      recovered: 3 of 4 files
      lost: 65536 bytes of the package, of files or of what is around them
      Ask the sender for another copy.

      whole (recovered: every byte is the sealed one, as the signed manifest has it):
        INT/a.mp4  (300000 bytes)
        INT/c.txt  (4 bytes)
        INT/empty.txt  (0 bytes)

      partial (not recovered: only some of it could be read):
        INT/b\\u{200b}.mp4  (300000 bytes, 65536 of them lost)

      "
    `);
    for (const line of report.split("\n")) expect(line).not.toContain("\u200b");
  });

  it("says of a file that none of it is left", async () => {
    await damage(container, chunkAt(0), 5 * sealedChunkSizeBytes);
    const result = await salvage();
    expect(statesOf(result)).toEqual(["lost 300000", "partial 25600", "whole", "whole"]);
    expect(await expectRecovered([cPath, emptyPath])).toContain("lost (not recovered: nothing of it could be read)");
  });

  it("is not done while anything is lost that is around the files", async () => {
    const [lonely] = await copiesOf({ files: { "a.mp4": "a".repeat(2 * 65_536 - 512) } });
    await damage(join(lonely, names.container), start + 2 * sealedChunkSizeBytes);
    const result = await salvage([lonely]);
    expect(result).toMatchObject({ ok: false, whole: 1, partial: 0, lost: 0 });
    expect(result.lostBytes).toBeGreaterThan(0);
    expect(await readFile(join(outDir, folderName, "REPORT.txt"), "utf8")).toContain("recovered: 1 of 1 files");
  });

  it("skips what cannot be read", async () => {
    unreadableAt(new Map([[container, [[chunkAt(2) + 8192, chunkAt(2) + 8193]]]]));
    expect(statesOf(await salvage())).toEqual(["partial 65536", "whole", "whole", "whole"]);
    await expectRecovered([bPath, cPath, emptyPath]);
  });

  it("takes what each of several copies has, and small files from any", async () => {
    await damage(container, chunkAt(1));
    await damage(container, chunkAt(6));
    await damage(join(copies[0], names.label), 9);
    await rm(join(copies[0], howToName));
    await damage(join(copies[1], names.container), chunkAt(6));
    await damage(join(copies[1], names.manifest), 9);
    expect(statesOf(await salvage(copies))).toEqual(["whole", "partial 65536", "whole", "whole"]);
    await expectRecovered([aPath, cPath, emptyPath]);
  });

  it("does with the discs that there are", async () => {
    copies = await copiesOf({ files, discs: [[330_000], [150_000], [1]] });
    expect(statesOf(await salvage([join(copies[0], "disc-001")]))).toEqual([
      "whole",
      "partial 274400",
      "lost 4",
      "whole",
    ]);
    await expectRecovered([aPath, emptyPath]);
    await rm(join(outDir, folderName), { recursive: true });
    const discs = [join(copies[0], "disc-001"), join(copies[1], "disc-002"), join(copies[1], "disc-003")];
    await rm(join(copies[1], "disc-002", partName(seal, 2)));
    expect(statesOf(await salvage(discs))).toEqual(["whole", "partial 196608", "whole", "whole"]);
  });

  it("leaves nothing where nothing is whole", async () => {
    const [lonely] = await copiesOf({ files: { "a.mp4": files[aPath] ?? "" } });
    await damage(join(lonely, names.container), 20);
    const result = await salvage([lonely]);
    expect(result).toMatchObject({ ok: false, whole: 0, lost: 1, bytes: 0 });
    expect(result).not.toHaveProperty("out");
    expect(await readdir(outDir)).toEqual([]);
    await rm(join(lonely, names.container));
    expect(await salvage([lonely])).toMatchObject({ ok: false, whole: 0, lost: 1 });
    expect(await readdir(outDir)).toEqual([]);
  });

  it("gives nothing that has not the SHA-256 of the manifest, however it authenticates", async () => {
    const forged = await forgePackage(await temporaryFolder(), sender, [receiver], {
      files,
      archive: (archive) => {
        const bytes = Buffer.from(archive);
        bytes[70_000] = 0x78;
        return bytes;
      },
    });
    const result = await salvage([forged]);
    expect(statesOf(result)).toEqual(["lost 300000", "whole", "whole", "whole"]);
    expect(result.ok).toBe(false);
    await expectRecovered([bPath, cPath, emptyPath]);
  });

  it("does not take another package's container for a copy", async () => {
    const path = await forgePackage(await temporaryFolder(), sender, [receiver], { files, seal: "EV-F0RG-ED00-0002" });
    await cp(join(path, "EV-F0RG-ED00-0002.evseal"), container);
    await damage(join(copies[1], names.container), chunkAt(1));
    expect(statesOf(await salvage(copies))).toEqual(["partial 65536", "whole", "whole", "whole"]);
    await expectRecovered([bPath, cPath, emptyPath]);
  });

  it("refuses where it is not proven whose it is, or what", async () => {
    await damage(join(copies[0], names.label), 150);
    await expect(salvage()).rejects.toEqual(refusal("SIGNATURE_WRONG"));
    await damage(join(copies[1], names.manifest), 150);
    await expect(salvage([copies[1]])).rejects.toEqual(refusal("ALTERED"));
    await salvage(copies);
    await rm(join(outDir, folderName), { recursive: true });
    const ours = { ...options(), identities: [other.identity] };
    await expect(salvagePackage(copies, ours)).rejects.toEqual(refusal("NOT_ADDRESSED_TO_US"));
    await expect(salvage([await temporaryFolder()])).rejects.toEqual(refusal("PACKAGE_NOT_FOUND"));
    expect(await readdir(outDir)).toEqual([]);
  });

  it("writes only where opening would", async () => {
    const inside = { ...options(), outDir: copies[0] };
    await expect(salvagePackage([copies[0]], inside)).rejects.toEqual(refusal("OUTPUT_INSIDE_SOURCE"));
    const beside = { ...options(), outDir: join(copies[1], "..") };
    await expect(salvagePackage([copies[0]], beside)).rejects.toEqual(refusal("OUTPUT_HOLDS_PACKAGES"));
    await salvage();
    await expect(salvage()).rejects.toEqual(refusal("OUTPUT_EXISTS"));
  });

  it("leaves nothing when it is stopped, or cannot write; what is cut off is known as evidence in the clear", async () => {
    const stopped = new AbortController();
    let seen: readonly string[] = [];
    const progress = (phase: string): void => {
      if (phase === "opening") stopped.abort();
    };
    const stopping = { ...options(), watch: { signal: stopped.signal, progress } };
    await expect(salvagePackage([copies[0]], stopping)).rejects.toEqual(interrupted());
    expect(await readdir(outDir)).toEqual([]);
    standIn(fsPromises, "open", (open) => async (...given) => {
      if (!String(given[0]).endsWith("c.txt")) return await open(...given);
      seen = (await findLeftovers(outDir)).map(({ kind, seal: found }) => `${kind} ${found ?? ""}`);
      throw systemError("ENOSPC");
    });
    await expect(salvage()).rejects.toEqual(refusal("OUTPUT_NO_SPACE"));
    expect(seen).toEqual([`clear ${seal}`]);
    expect(await readdir(outDir)).toEqual([]);
  });

  it("is stopped also where nothing is whole", async () => {
    await damage(container, 0, start);
    const stopped = { ...options(), watch: { ...watch, signal: AbortSignal.abort() } };
    await expect(salvagePackage([copies[0]], stopped)).rejects.toEqual(interrupted());
    expect(await readdir(outDir)).toEqual([]);
  });

  it("of a disc that gives out between looking and reading leaves no part of a file", async () => {
    const stop = new Map([[container, [] as (readonly [number, number])[]]]);
    unreadableAt(stop);
    const progress = (phase: string): void => {
      if (phase === "opening") stop.get(container)?.splice(0, 1, [chunkAt(2), chunkAt(3) - 8192]);
    };
    const result = await salvagePackage([copies[0]], { ...options(), watch: { ...watch, progress } });
    expect(statesOf(result)[0]).toBe("lost 300000");
    await expectRecovered([bPath, cPath, emptyPath]);
    await rm(join(outDir, folderName), { recursive: true });
    stop.get(container)?.splice(0, 1);
    const atEnd = (phase: string, doneBytes: number, totalBytes: number): void => {
      if (phase === "opening" && doneBytes === totalBytes) stop.get(container)?.splice(0, 1, [0, 8192]);
    };
    const late = await salvagePackage([copies[0]], { ...options(), watch: { ...watch, progress: atEnd } });
    expect(late).toMatchObject({ ok: false, whole: 4 });
  });
});
