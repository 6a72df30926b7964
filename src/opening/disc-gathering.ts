import { provenBy } from "../crypto/digest.js";
import { DiscCopies } from "../output/disc-copies.js";
import { refuseInsidePackage } from "../output/overlap.js";
import { SealedCopy } from "../output/sealed-copy.js";
import { containerSizeBytes, onEachDisc, totalSizeBytes } from "../package/label.js";
import { partOf, watched, type Watch } from "../watch.js";
import { eachDisc, type NextDisc } from "./each-disc.js";
import { PackageDiscs } from "./package-discs.js";
import { discWords } from "./disc-words.js";
import { altered } from "./refusals.js";
import { verifyDiscs, type VerifiedDisc, type VerifiedDiscs } from "./verified-discs.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";

export interface Gathering {
  readonly outDir: string;
  readonly trusted: TrustedSigners;
  readonly watch: Watch;
  readonly nextDisc: NextDisc;
}

/**
 * Puts a package together in `outDir` whose discs come one after the other, perhaps in one drive, for `use`; afterwards
 * the copies are removed. What is copied has the SHA-256 that its label gives. Throws what `eachDisc` and `use` do, ALTERED,
 * OUTPUT_….
 */
export async function gatherDiscs<T>(
  paths: readonly string[],
  { outDir, trusted, watch, nextDisc }: Gathering,
  use: (gathered: VerifiedDiscs) => Promise<T>,
): Promise<T> {
  const { seal } = await PackageDiscs.in(paths);
  const copies = await DiscCopies.create(outDir, seal);
  try {
    let doneBytes = 0;
    let isFirst = true;
    await eachDisc(paths, { trusted, nextDisc }, async (disc) => {
      await refuseInsidePackage(outDir, disc.files.path);
      await keepDisc(copies, disc, isFirst, partOf(watch, doneBytes, containerSizeBytes(disc.label)));
      doneBytes += totalSizeBytes(disc.partsHere);
      isFirst = false;
    });
    return await use(await verifyDiscs(await PackageDiscs.in([copies.path]), trusted));
  } finally {
    await copies.discard();
  }
}

/** The parts on a disc, and with those of the first disc what is on every one. */
async function keepDisc(copies: DiscCopies, disc: VerifiedDisc, isFirst: boolean, watch: Watch): Promise<void> {
  const { files, label, labelHashes, partsHere } = disc;
  const totalBytes = totalSizeBytes(partsHere);
  let doneBytes = 0;
  const otherwise = (): Error => altered(undefined, discWords(label, partsHere[0]?.disc));
  for (const file of isFirst ? [...labelHashes, ...onEachDisc(label), ...partsHere] : partsHere) {
    const { name, sha256 } = file;
    const source = await files.open(name);
    try {
      // Since it was looked at it may have grown, and would fill the disk before its hash says so.
      if ("size" in file && file.size !== source.sizeBytes) throw otherwise();
      const part = partOf(watch, doneBytes, totalBytes);
      const content = watched(source.chunks(), part, "copying", source.sizeBytes);
      await copies.keep(SealedCopy.labelled(name, provenBy(sha256, content, otherwise)));
      doneBytes += source.sizeBytes;
    } finally {
      await source.close();
    }
  }
}
