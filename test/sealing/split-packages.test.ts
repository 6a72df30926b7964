/** Packages that are cut for discs: what stands on each, and that all of it together is the package. */
import { createHash } from "node:crypto";
import fsPromises, { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { listPackage } from "../../src/opening/list-package.js";
import { openPackage } from "../../src/opening/open-package.js";
import { verifyPackage } from "../../src/opening/verify-package.js";
import { requireOnlyPackages } from "../../src/output/out-folder.js";
import { decodeLabel } from "../../src/package/label.js";
import { parseVolumeSize, type Volume } from "../../src/package/volumes.js";
import { pack, type PackageNeeds, type PackRequest } from "../../src/sealing/pack.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { standIn } from "../stand-in.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";
import { evidence, packed, receiver, sealedAt, sender, usualRequest } from "./on-discs.js";

const mib = 1024 * 1024;
const trusted = TrustedSigners.of([sender.card]);

const any = (kind: unknown): unknown => expect.any(kind);

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The container of a package, put together as `cat` would: by the names of its parts, wherever they are. */
async function joined(path: string, seal: string): Promise<Buffer> {
  const files = await readdir(path, { recursive: true });
  const parts = files.filter((name) => name.includes(`${seal}.evseal`)).sort();
  return Buffer.concat(await Promise.all(parts.map((name) => readFile(join(path, name)))));
}

async function opened(paths: readonly string[]): Promise<void> {
  const options = { outDir: await temporaryFolder(), trusted, identities: [receiver.identity], watch: quietWatch() };
  const { out, files } = await openPackage(paths, options);
  expect(files).toBe(2);
  expect((await readFile(join(out, "media/INT-001/a.mp4"))).equals(evidence)).toBe(true);
}

const discs = ["disc-001", "disc-002", "disc-003"];

describe("a package on several discs", () => {
  it("is one folder of folders, of which each is a disc: its part, and all that speaks for the package", async () => {
    const { seal, package: path, outDir } = await packed();
    expect(await readdir(outDir)).toEqual([seal]);
    expect((await readdir(path)).sort()).toEqual(discs);
    const small = [`${seal}.label.json`, `${seal}.label.json.minisig`, `${seal}.manifest.evseal`, "HOW-TO-OPEN.txt"];
    for (const [index, disc] of discs.entries()) {
      expect((await readdir(join(path, disc))).sort()).toEqual([`${seal}.evseal.00${index + 1}`, ...small].sort());
      for (const name of small) {
        expect((await readFile(join(path, disc, name))).equals(await readFile(join(path, "disc-001", name)))).toBe(
          true,
        );
      }
    }
    for (const name of [".", ...(await readdir(path, { recursive: true }))]) {
      const found = await stat(join(path, name));
      expect(found.mtimeMs, name).toBe(sealedAt.getTime());
      expect(found.mode & 0o777, name).toBe(found.isDirectory() ? 0o700 : 0o600);
    }
  });

  it("fits, with its small files and room for a file system", async () => {
    const { package: path } = await packed();
    for (const disc of discs) {
      const sizes = (await readdir(join(path, disc))).map(async (name) => (await stat(join(path, disc, name))).size);
      const used = (await Promise.all(sizes)).reduce((total, size) => total + Math.ceil(size / 2048) * 2048, 0);
      expect(used).toBeLessThanOrEqual(2 * mib);
      if (disc !== "disc-003") expect(used).toBeGreaterThan(1.7 * mib); // what is kept for a label of 999 parts is not used
    }
  });

  it("fits with many files to many units too, whose manifest and label are long", async () => {
    const usual = await usualRequest();
    const [source = ""] = usual.sources;
    for (let index = 0; index < 1500; index++) await writeFile(join(source, `${"long name ".repeat(20)}${index}`), "");
    const others = Array.from({ length: 5 }, (_, index) => makeUnit(`${"Ä".repeat(60)} ${index}`).card);
    const told: PackageNeeds[] = [];
    const planned = (needs: PackageNeeds): void => void told.push(needs);
    const recipients = [receiver.card, ...others];
    const { package: path } = await packed({ ...usual, recipients, planned, volume: parseVolumeSize("7MiB") });
    let total = 0;
    for (const disc of await readdir(path)) {
      const sizes = (await readdir(join(path, disc))).map(async (name) => (await stat(join(path, disc, name))).size);
      const used = (await Promise.all(sizes)).reduce((sum, size) => sum + Math.ceil(size / 2048) * 2048, 0);
      expect(used).toBeLessThanOrEqual(3 * mib);
      total += used;
    }
    expect(told[0]?.sizeBytes).toBeGreaterThan(total - 4 * 5 * 2048); // which whole sectors may add
    expect(told[0]?.discCount).toBe((await readdir(path)).length);
  });

  it("has on its label every part with its disc and SHA-256, and in its manifest the container that `cat` makes", async () => {
    const { seal, package: path, containers } = await packed();
    const label = decodeLabel(await readFile(join(path, "disc-002", `${seal}.label.json`)));
    expect(label.files.slice(0, -2)).toEqual(containers);
    for (const [index, { name, size, sha256: hash, disc }] of containers.entries()) {
      expect({ name, disc }).toEqual({ name: `${seal}.evseal.00${index + 1}`, disc: index + 1 });
      const part = await readFile(join(path, discs[index] ?? "", name));
      expect({ size, hash }).toEqual({ size: part.length, hash: sha256(part) });
      if (index < 2) expect(size % 65_536).toBe(0);
    }
    const whole = await joined(path, seal);
    const { container } = await listPackage(join(path, "disc-003"), { trusted, identities: [receiver.identity] });
    expect(container).toEqual({ sha256: sha256(whole), name: `${seal}.evseal`, size: whole.length });
  });

  it("is verified and opened from its folder, and from its discs in any order", async () => {
    const { package: path, seal } = await packed();
    const shuffled = ["disc-003", "disc-001", "disc-002"].map((disc) => join(path, disc));
    await expect(verifyPackage([path], { trusted, watch: quietWatch() })).resolves.toMatchObject({ ok: true, seal });
    await expect(verifyPackage(shuffled, { trusted, watch: quietWatch() })).resolves.toMatchObject({ ok: true, seal });
    await opened([path]);
    await opened(shuffled);
  });

  it("leaves an output folder into which more can be packed", async () => {
    const { outDir } = await packed();
    await packed({ outDir });
    await expect(requireOnlyPackages(outDir)).resolves.toBeUndefined();
  });

  it("may have several parts on each disc", async () => {
    const volume: Volume = { noun: "disc", capacityBytes: 7 * mib, largestPartBytes: mib };
    const { package: path, seal, containers } = await packed({ volume });
    expect(containers.map(({ disc }) => disc)).toEqual([1, 1, 1, 2, 2, 2]);
    expect((await readdir(join(path, "disc-002"))).filter((name) => name.includes(".evseal.0"))).toHaveLength(3);
    expect((await joined(path, seal)).length).toBe(containers.reduce((total, { size }) => total + size, 0));
    await opened([join(path, "disc-002"), join(path, "disc-001")]);
  });
});

describe("a package that one medium holds", () => {
  it("has no folders of discs, where only its files are limited", async () => {
    const volume: Volume = { noun: "FAT32 medium", capacityBytes: Infinity, largestPartBytes: 2 * mib };
    const { package: path, seal, containers } = await packed({ volume });
    expect(containers.map(({ name, disc }) => [name, disc])).toEqual(
      [1, 2, 3].map((n) => [`${seal}.evseal.00${n}`, 1]),
    );
    expect(await readdir(path)).toHaveLength(7);
    await expect(verifyPackage([path], { trusted, watch: quietWatch() })).resolves.toMatchObject({ ok: true });
    await opened([path]);
  });

  it.each(["dvd", "fat32", "700MB"])("is the usual one where nothing needs to be cut: %s", async (size) => {
    const { package: path, seal, containers } = await packed({ volume: parseVolumeSize(size) });
    expect(await readdir(path)).toContain(`${seal}.evseal`);
    expect(await readdir(path)).toHaveLength(5);
    expect(containers).toEqual([{ name: `${seal}.evseal`, size: any(Number), sha256: any(String) }]);
    const label = decodeLabel(await readFile(join(path, `${seal}.label.json`)));
    expect(label.files.every(({ disc }) => disc === undefined)).toBe(true);
    await opened([path]);
  });
});

describe("before anything is sealed", () => {
  it("it is told how many discs and how much space it takes", async () => {
    const told: PackageNeeds[] = [];
    const phases: string[] = [];
    const progress = (phase: string): void => void phases.push(phase);
    const planned = (needs: PackageNeeds): void => {
      expect(phases).not.toContain("sealing");
      told.push(needs);
    };
    const { package: path } = await packed({ planned, watch: { ...quietWatch(), progress } });
    expect(phases).toContain("sealing");
    const files = (await readdir(path, { recursive: true })).map(async (name) => await stat(join(path, name)));
    const found = (await Promise.all(files)).filter((each) => each.isFile());
    const bytes = found.reduce((total, { size }) => total + size, 0);
    expect(told).toEqual([{ discCount: 3, sizeBytes: any(Number), freeBytes: any(Number) }]);
    expect(told[0]?.sizeBytes).toBeGreaterThan(bytes);
    expect(told[0]?.sizeBytes).toBeLessThan(bytes * 1.15);
  });

  async function refused(code: Parameters<typeof refusal>[0], request: Partial<PackRequest>): Promise<void> {
    const outDir = await temporaryFolder();
    const progress = (phase: string): void => expect(phase).toBe("listing");
    const watch = { ...quietWatch(), progress };
    await expect(packed({ ...request, outDir, watch })).rejects.toThrow(refusal(code));
    expect(await readdir(outDir)).toEqual([]);
  }

  it("too small a disc is refused", () => refused("USAGE", { volume: parseVolumeSize("5MiB") }));

  it("too many parts are refused", () =>
    refused("TOO_MUCH_TO_PACK", { volume: { noun: "", capacityBytes: Infinity, largestPartBytes: 4096 } }));

  it("too little space is refused, and only where there is a volume", async () => {
    const place = (blocks: number, bavail: number): void =>
      standIn(fsPromises, "statfs", () => () => Promise.resolve({ bsize: 4096, blocks, bavail }));
    place(1000, 3);
    const told: PackageNeeds[] = [];
    await refused("OUTPUT_NO_SPACE", { planned: (needs) => void told.push(needs) });
    expect(told).toMatchObject([{ freeBytes: 12_288 }]);
    await expect(pack(await usualRequest())).resolves.toMatchObject({ readBack: true });
    place(0, 0); // where nothing is known of the space
    await expect(packed()).resolves.toMatchObject({ readBack: true });
  });
});
