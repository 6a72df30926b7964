import { toHex, utf8 } from "../bytes.js";
import { sha256 } from "../crypto/digest.js";
import { EvsealError, existing } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { PackageFiles } from "../opening/package-files.js";
import { verifyLabelSignature } from "../opening/verified-label.js";
import { verifyFolder, type VerifiedFolder } from "../opening/verify-package.js";
import { shippedHowTos } from "../package/how-to-open.js";
import { discCountOf, type Label, type Party } from "../package/label.js";
import { discName, howToName, isContainerName, namesFor } from "../package/names.js";
import type { Watch } from "../watch.js";
import { judgeAddressees, type Addressees } from "./addressees.js";
import { describeStray } from "./entry-words.js";
import { finding, missingDiscs, packageFinding, type Finding } from "./finding.js";
import { foundFolder } from "./found-folder.js";
import type { FoundFolder, FoundPackage } from "./strays.js";
import type { ListedFolder } from "./tree-digest.js";

/** A package, or one disc of a package that is on several. */
export interface CheckedPackage {
  readonly seal: string;
  readonly path: string;
  readonly sender: Party;
  readonly recipients: readonly Party[];
  /** The disc's number, and how many there are; only where there are several. */
  readonly disc?: number;
  readonly of?: number;
}

/** With findings, nothing else counts. */
export interface JudgedPackage {
  readonly findings: readonly Finding[];
  readonly packages: readonly CheckedPackage[];
  readonly listed: readonly ListedFolder[];
}

export interface PackageOptions extends Addressees {
  readonly trusted: TrustedSigners;
  readonly watch: Watch;
}

interface VerifiedFound extends VerifiedFolder, FoundFolder {}

/** Whether a package is valid, complete unless it is one disc by itself, and for whom it should be. Throws INTERRUPTED. */
export async function checkPackage(found: FoundPackage, options: PackageOptions): Promise<JudgedPackage> {
  const findings: Finding[] = [];
  const verified: VerifiedFound[] = [];
  for (const each of found.discs ?? [found]) {
    const judged = await verifyFound(each, options);
    if ("label" in judged) verified.push(judged);
    else findings.push(...judged);
  }
  const [first] = verified;
  if (first !== undefined) {
    if (found.discs !== undefined) findings.push(...judgeDiscs(found, found.discs, verified));
    findings.push(...judgeLabel(found.entry.path, first, options));
  }
  return { findings, packages: verified.flatMap(packagesIn), listed: verified.map(listedIn) };
}

async function verifyFound(found: FoundFolder, options: PackageOptions): Promise<VerifiedFound | readonly Finding[]> {
  const { entry } = found;
  try {
    const files = await PackageFiles.at(entry.onDisc?.folder ?? foundFolder(entry));
    try {
      return { ...found, ...(await verifyFolder(files, options)) };
    } catch (cause) {
      if (!(cause instanceof EvsealError) || cause.code !== "PACKAGE_FOREIGN_FILE") throw cause;
      const { label } = await verifyLabelSignature(files, options.trusted);
      const described = await describeForeign(found, label);
      if (described.length === 0) throw cause;
      return described;
    }
  } catch (cause) {
    if (!(cause instanceof EvsealError) || cause.code === "INTERRUPTED" || cause.code === "INTERNAL") throw cause;
    return [packageFinding(cause.code, entry.path)];
  }
}

/** Anything can be named as a part of the container: what the label does not know is a stray like any other. */
async function describeForeign({ entry }: FoundFolder, { seal, files }: Label): Promise<readonly Finding[]> {
  const known = files.map(({ name }) => name);
  const foreign = entry.entries.filter(({ name }) => isContainerName(seal, name) && !known.includes(name));
  const findings: Finding[] = [];
  for (const each of foreign) findings.push(await describeStray(each));
  return findings;
}

/** The folders of a package's discs: each has what belongs on that disc, all of one sealing, and all are there. */
function judgeDiscs(
  { entry }: FoundPackage,
  discs: readonly FoundFolder[],
  verified: readonly VerifiedFound[],
): readonly Finding[] {
  const [ours] = verified.filter(({ label }) => label.seal === entry.name);
  const wrong = verified.flatMap((each) => {
    const { name, path } = each.entry;
    if (labelHashOf(each) !== (ours && labelHashOf(ours))) return [packageFinding("DISC_FOREIGN", path)];
    const isRight = each.parts.every(({ disc }) => disc !== undefined && discName(disc) === name);
    return isRight ? [] : [finding("DISC_MISPLACED", path)];
  });
  if (ours === undefined) return wrong;
  const numbers = Array.from({ length: discCountOf(ours.label) }, (_, index) => index + 1);
  const missing = numbers.filter((number) => discs.every((disc) => disc.entry.name !== discName(number)));
  return missing.length === 0 ? wrong : [...wrong, missingDiscs(missing, numbers.length, entry.path)];
}

function labelHashOf({ label, hashes }: VerifiedFound): string {
  return existing(
    hashes.find(({ name }) => name === namesFor(label.seal).label),
    "the label's hash",
  ).sha256;
}

function judgeLabel(path: string, { label, hashes }: VerifiedFolder, options: Addressees): readonly Finding[] {
  // The one text in a package that no closed schema binds must be one that evseal has shipped.
  const howTo = hashes.find(({ name }) => name === howToName)?.sha256 ?? "";
  if (!shippedHowToHashes.includes(howTo)) return [packageFinding("CLEAR_FOUND", path)];
  return judgeAddressees(path, label.recipients, options);
}

const shippedHowToHashes = shippedHowTos.map((text) => toHex(sha256(utf8(text))));

/** One for each disc that is in the folder; one where the package is on one disc, or all of it is here. */
function packagesIn({ entry, label, parts }: VerifiedFound): readonly CheckedPackage[] {
  const { seal, sender, recipients } = label;
  const whole = { seal, path: entry.path, sender, recipients };
  const of = discCountOf(label);
  const discs = new Set(parts.map(({ disc = 1 }) => disc));
  return discs.size === of ? [whole] : [...discs].map((disc) => ({ ...whole, disc, of }));
}

function listedIn({ folder, hashes }: VerifiedFound): ListedFolder {
  return { folder, files: hashes };
}
