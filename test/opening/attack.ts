import { readdir } from "node:fs/promises";
import { expect } from "vitest";
import { encodeHeader } from "../../src/age/header.js";
import { open } from "../../src/age/open.js";
import { unwrapWithIdentities } from "../../src/age/unwrap.js";
import { deriveStreamKey, payloadNonceSizeBytes, sealChunk } from "../../src/age/stream.js";
import { collect, concat } from "../../src/bytes.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import type { ErrorCode } from "../../src/errors.js";
import { TrustedSigners } from "../../src/keys/trusted-signers.js";
import { openPackage } from "../../src/opening/open-package.js";
import { quietWatch } from "../quiet-watch.js";
import { refusal } from "../refusal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeUnit } from "../units.js";
import { forgePackage, type Forgery } from "./forged-package.js";

export const sender = makeUnit("GMP");
export const receiver = makeUnit("SCAS");
export const other = makeUnit("South Wales");
export const watch = quietWatch();
export const trusted = TrustedSigners.of([sender.card]);
export const identities = [receiver.identity];

async function* of(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

interface Case {
  readonly forgery?: Forgery;
  readonly recipients?: readonly (typeof sender)[];
  readonly trusted?: TrustedSigners;
  readonly identities?: typeof identities;
}

/** Opening must refuse with `code`, whole and in part, and leave nothing at all in the output folder. */
export async function refused(code: ErrorCode, attack: Case): Promise<void> {
  const path = await forgePackage(await temporaryFolder(), sender, attack.recipients ?? [receiver], attack.forgery);
  const outDir = await temporaryFolder();
  const options = { outDir, trusted: attack.trusted ?? trusted, identities: attack.identities ?? identities, watch };
  await expect(openPackage([path], options)).rejects.toThrow(refusal(code));
  expect(await readdir(outDir)).toEqual([]);
}

/** Gives a container another header, with a right MAC, as any of its recipients can. */
export async function rewriteHeader(
  container: Uint8Array,
  change: (stanzas: Parameters<typeof encodeHeader>[0]) => Parameters<typeof encodeHeader>[0],
): Promise<Uint8Array> {
  let fileKey = SecretBytes.take(new Uint8Array(0));
  const { header } = await open(of(container), (found) => {
    const unwrapped = unwrapWithIdentities(found, identities);
    fileKey = SecretBytes.take(unwrapped.fileKey.expose().slice());
    return unwrapped.fileKey;
  });
  return concat(encodeHeader(change(header.stanzas), fileKey).bytes, container.subarray(header.bytes.length));
}

/** Puts something into the padding of a container of one chunk, as any of its recipients can. */
export async function withOtherPadding(container: Uint8Array): Promise<Uint8Array> {
  let fileKey = SecretBytes.take(new Uint8Array(0));
  const { header, payload } = await open(of(container), (found) => {
    const unwrapped = unwrapWithIdentities(found, identities);
    fileKey = SecretBytes.take(unwrapped.fileKey.expose().slice());
    return unwrapped.fileKey;
  });
  const archive = await collect(payload, container.length, () => new Error("too long"));
  archive[archive.length - 1025] = 1; // before the end of the archive
  const start = container.subarray(0, header.bytes.length + payloadNonceSizeBytes);
  const streamKey = deriveStreamKey(fileKey, start.subarray(header.bytes.length));
  return concat(start, sealChunk(streamKey, 0, true, archive));
}
