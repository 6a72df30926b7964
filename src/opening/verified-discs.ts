import { join } from "node:path";
import { drain } from "../bytes.js";
import { provenBy } from "../crypto/digest.js";
import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { containerSizeBytes, discCountOf, partsOf, type Label, type LabelledFile } from "../package/label.js";
import { partOf, watched, type Watch } from "../watch.js";
import type { ContainerPiece } from "./container-pieces.js";
import type { PackageDiscs } from "./package-discs.js";
import type { PackageFiles } from "./package-files.js";
import { discWords } from "./disc-words.js";
import { altered, foreignDisc } from "./refusals.js";
import { verifyLabel, type VerifiedLabel } from "./verified-label.js";

/** What is on one disc of a package, or in its only folder. */
export interface VerifiedDisc extends VerifiedLabel {
  readonly files: PackageFiles;
}

/** The container, or a part of it, and the folder that it is in. */
export interface FoundPart extends LabelledFile {
  readonly files: PackageFiles;
}

/** A package of which every file is there, of the right size, under a label that a signer we trust has signed. */
export interface VerifiedDiscs extends VerifiedDisc {
  /** The container, or its parts in their order. */
  readonly parts: readonly FoundPart[];
}

/**
 * Steps 1 to 3 of opening for all folders of a package. Throws what `verifyLabel` does, DISC_FOREIGN for a folder under
 * another label, DISC_TWICE, and DISC_MISSING.
 */
export async function verifyDiscs(discs: PackageDiscs, trusted: TrustedSigners): Promise<VerifiedDiscs> {
  const taken = new TakenDiscs(trusted);
  for (const files of discs.folders) await taken.take(files);
  return taken.complete();
}

/** Discs as they are found, held to be of one package. */
export class TakenDiscs {
  readonly #trusted: TrustedSigners;
  readonly #parts = new Map<string, FoundPart>();
  readonly #folders: VerifiedDisc[] = [];

  constructor(trusted: TrustedSigners) {
    this.#trusted = trusted;
  }

  /** Throws what `verifyLabel` does, DISC_FOREIGN, DISC_TWICE. */
  async take(files: PackageFiles): Promise<VerifiedDisc> {
    // Of another package, whoever signed that: whoever put in the wrong disc can put in the right one.
    if (files.seal !== (this.#folders[0]?.label.seal ?? files.seal)) throw foreignDisc();
    const disc = { ...(await verifyLabel(files, this.#trusted)), files };
    if (labelHashOf(disc) !== labelHashOf(this.#folders[0] ?? disc)) throw foreignDisc();
    const again = disc.partsHere.find(({ name }) => this.#parts.has(name));
    if (again !== undefined) throw discTwice(disc.label, again.disc);
    for (const part of disc.partsHere) this.#parts.set(part.name, { ...part, files });
    this.#folders.push(disc);
    return disc;
  }

  /** Throws DISC_MISSING. */
  complete(): VerifiedDiscs {
    const first = existing(this.#folders[0], "a disc");
    const labelled = partsOf(first.label);
    const parts = labelled.map(({ name }) => this.#parts.get(name)).filter((part) => part !== undefined);
    if (parts.length === labelled.length) return { ...first, parts };
    throw existing(this.missing, "what is missing");
  }

  /** Those of which something is not here; undefined when all is. */
  get missing(): DiscsMissing | undefined {
    const { label } = existing(this.#folders[0], "a disc");
    const missing = partsOf(label).filter(({ name }) => !this.#parts.has(name));
    if (missing.length === 0) return undefined;
    return new DiscsMissing([...new Set(missing.map(({ disc = 1 }) => disc))], discCountOf(label));
  }
}

/** Where the container stands, when all its parts are there. */
export function piecesOf({ parts }: VerifiedDiscs): readonly ContainerPiece[] {
  return parts.map(({ files, name, size }) => ({ path: join(files.path, name), offset: 0, sizeBytes: size }));
}

/** Throws ALTERED, naming the disc, with its cause, when a part has not the SHA-256 that its label gives. */
export async function requireUnaltered({ label, parts }: VerifiedDiscs, watch: Watch, cause: unknown): Promise<void> {
  let doneBytes = 0;
  for (const { files, name, sha256, size, disc } of parts) {
    const source = await files.open(name);
    try {
      const part = partOf(watch, doneBytes, containerSizeBytes(label));
      const otherwise = (): Error => altered(cause, discWords(label, disc));
      await drain(watched(provenBy(sha256, source.chunks(), otherwise), part, "verifying", size));
    } finally {
      await source.close();
    }
    doneBytes += size;
  }
}

/** Some of a package's discs, by their numbers, are not there. */
export class DiscsMissing extends EvsealError {
  readonly discs: readonly number[];
  readonly discCount: number;

  constructor(discs: readonly number[], discCount: number) {
    const words = discs.length === 1 ? `disc ${discs.join("")}` : `discs ${discs.join(", ")}`;
    super("DISC_MISSING", `${words} of ${discCount} ${discs.length === 1 ? "is" : "are"} not here`, {
      hint: "name the folders of all its discs, one after the other",
    });
    this.discs = discs;
    this.discCount = discCount;
  }
}

function labelHashOf({ labelHashes }: VerifiedLabel): string | undefined {
  return labelHashes[0]?.sha256;
}

function discTwice(label: Label, disc: number | undefined): EvsealError {
  return new EvsealError("DISC_TWICE", `${discWords(label, disc)} is named twice`, { hint: "name each folder once" });
}
