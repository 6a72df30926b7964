/** Discs of a forged package, made by other people's programs, and what the gate says of them. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkTree, type CheckResult } from "../../src/checking/check.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { must } from "../interop/programs.js";
import { forgePackage } from "../opening/forged-package.js";
import { quietWatch } from "../quiet-watch.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit, partyOf } from "../units.js";

const sender = makeUnit("GMP");
const receiver = makeUnit("SCAS");
const trusted = TrustedSigners.of([sender.card]);
const known = new Set([sender, receiver].map((unit) => partyOf(unit).fingerprint));

export const seal = "EV-F0RG-ED00-0001";
export const sectorSize = 2048;

export async function check(path: string, expectedDigest?: string): Promise<CheckResult> {
  return await checkTree(path, { trusted, known, expected: undefined, expectedDigest, watch: quietWatch() });
}

export async function codesOf(path: string): Promise<string[]> {
  const { ok, findings } = await check(path);
  if (ok !== (findings.length === 0)) throw new Error("the answer and the findings differ");
  return [...new Set(findings.map(({ code }) => code))];
}

/** A tray with one package, or two. */
export async function makeTray(count = 1): Promise<string> {
  const tray = await temporaryFolder();
  for (let index = 1; index <= count; index++)
    await forgePackage(tray, sender, [receiver], { seal: `EV-F0RG-ED00-000${index}` });
  return tray;
}

/** A tray with a package on three discs, the first of which holds two parts. */
export async function makeSplitTray(
  discs: readonly (readonly number[])[] = [[4000, 500], [700], [1]],
): Promise<string> {
  const tray = await temporaryFolder();
  await forgePackage(tray, sender, [receiver], { files: { "INT/a.mp4": "the interview ".repeat(500) }, discs });
  return tray;
}

/** What docs/DISCS.md says to type. */
export const advised = ["-as", "mkisofs", "-quiet", "-r", "-J", "-V", seal];

export async function makeImage(
  source: string,
  args: readonly string[] = advised,
  program = "xorriso",
): Promise<string> {
  const image = join(await temporaryFolder(), "disc.iso");
  await must(program, [...args, "-o", image, source]);
  return image;
}

/** Changes bytes of an image in place. */
export async function patch(image: string, change: (bytes: Buffer) => unknown): Promise<string> {
  const bytes = await readFile(image);
  const changed = change(bytes);
  await writeFile(image, Buffer.isBuffer(changed) ? changed : bytes);
  return image;
}

/** Where each extent of the primary tree's folders and files stands, read by code of our own kind but not ours. */
export function locate(
  bytes: Buffer,
  name: RegExp,
  volumeSector = 16,
): { record: number; sector: number; size: number } {
  const volume = volumeSector * sectorSize;
  const isWide = bytes[volume] === 2;
  const search = (sector: number, size: number): { record: number; sector: number; size: number } | undefined => {
    for (let at = sector * sectorSize; at < sector * sectorSize + size;) {
      const length = bytes[at] ?? 0;
      if (length === 0) {
        at = (Math.floor(at / sectorSize) + 1) * sectorSize;
        continue;
      }
      const idSize = bytes[at + 32] ?? 0;
      const id = Buffer.from(bytes.subarray(at + 33, at + 33 + idSize));
      const text = isWide && idSize > 1 ? id.swap16().toString("utf16le") : id.toString("latin1");
      const found = { record: at, sector: bytes.readUInt32LE(at + 2), size: bytes.readUInt32LE(at + 10) };
      if (name.test(text)) return found;
      const isBelow = ((bytes[at + 25] ?? 0) & 2) !== 0 && idSize > 1;
      const below = isBelow ? search(found.sector, found.size) : undefined;
      if (below) return below;
      at += length;
    }
    return undefined;
  };
  const found = search(bytes.readUInt32LE(volume + 158), bytes.readUInt32LE(volume + 166));
  if (found === undefined) throw new Error(`no ${String(name)} on the disc`);
  return found;
}

/** A 32-bit number in both orders of bytes, as directory records have it. */
export function writeBoth(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}
