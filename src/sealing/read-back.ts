import { open } from "../age/open.js";
import { drain } from "../bytes.js";
import { provenBy, Sha256 } from "../crypto/digest.js";
import type { SecretBytes } from "../crypto/secret-bytes.js";
import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { TrustedSigners } from "../keys/trusted-signers.js";
import { PackageDiscs } from "../opening/package-discs.js";
import { SealedSource } from "../opening/sealed-source.js";
import { verifyDiscs } from "../opening/verified-discs.js";
import { readVerifiedMedia, type SealedMedia } from "../opening/verified-media.js";
import type { SealedFile } from "../package/label.js";
import type { Spread } from "../ring/pipeline.js";
import type { Watch } from "../watch.js";

/**
 * Reads the finished media container again from where it was written, opens it with the file key it was sealed under,
 * and compares every header and every file's hash. Throws READ_BACK_DIFFERS, INTERRUPTED.
 */
export async function readBackMedia(media: SealedMedia, spread: Spread, watch: Watch): Promise<void> {
  await readingBack(() => readVerifiedMedia(media, watch, { phase: "reading back", spread, fromDisk: true }));
}

/** The same for the sealed manifest at all of `paths`: `archive` must come out again. Takes the key over and wipes it. */
export async function readBackManifest(
  [path = "", ...copies]: readonly string[],
  written: SealedFile,
  archive: readonly Uint8Array[],
  key: SecretBytes,
): Promise<void> {
  await readingBack(async () => {
    const source = await SealedSource.open(path);
    try {
      const { payload } = await open(provenBy(written.sha256, source.chunks(), readBackDiffers), () => key);
      await drain(provenBy(sha256Of(archive), payload, readBackDiffers));
    } finally {
      await source.close();
    }
    for (const copy of copies) await requireSame(copy, written.sha256);
  });
}

function sha256Of(parts: readonly Uint8Array[]): string {
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  return hash.hex();
}

async function requireSame(path: string, sha256: string): Promise<void> {
  const source = await SealedSource.open(path);
  try {
    await drain(provenBy(sha256, source.chunks(), readBackDiffers));
  } finally {
    await source.close();
  }
}

/** The rest, on all discs of the package at `path`, by the receiver's own first steps: label, signature, set of files, text. */
export async function readBackLabel(path: string, sender: Card): Promise<void> {
  await readingBack(async () => {
    await verifyDiscs(await PackageDiscs.in([path]), TrustedSigners.of([sender]));
  });
}

async function readingBack(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (cause) {
    if (cause instanceof EvsealError && cause.code === "INTERRUPTED") throw cause;
    throw readBackDiffers(cause);
  }
}

function readBackDiffers(cause?: unknown): EvsealError {
  return new EvsealError("READ_BACK_DIFFERS", "what was written could not be read back as it was sealed", {
    hint: "the output disk may be failing: pack again to another one",
    cause,
  });
}
