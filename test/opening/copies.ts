import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { namesFor } from "../../src/package/names.js";
import { temporaryFolder } from "../temporary-folder.js";
import { receiver, sender } from "./attack.js";
import { forgePackage, type Forgery } from "./forged-package.js";

export const seal = "EV-F0RG-ED00-0001";
export const names = namesFor(seal);

export type Copies = readonly [first: string, second: string];

/** A package, and a copy of its folder elsewhere. */
export async function copiesOf(forgery: Forgery): Promise<Copies> {
  const first = await forgePackage(await temporaryFolder(), sender, [receiver], forgery);
  const second = join(await temporaryFolder(), seal);
  await cp(first, second, { recursive: true });
  return [first, second];
}

/** Overwrites `sizeBytes` bytes with others. */
export async function damage(path: string, offset: number, sizeBytes = 1): Promise<void> {
  const content = await readFile(path);
  for (let at = offset; at < Math.min(offset + sizeBytes, content.length); at += 1)
    content[at] = (content[at] ?? 0) ^ 0x55;
  await writeFile(path, content);
}

export const sealedChunkSizeBytes = 65_552;

/** Where the first chunk of a container begins: behind the line of its header's MAC and the nonce. */
export function payloadStartOf(container: Uint8Array): number {
  return Buffer.from(container).indexOf("\n--- ") + 5 + 44 + 16;
}
