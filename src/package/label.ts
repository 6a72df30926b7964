import * as z from "zod";
import { EvsealError } from "../errors.js";
import { decodeCanonical, encodeCanonical } from "./canonical-json.js";
import { howToName, namesFor, partName, volumesCap } from "./names.js";
import { limits } from "./limits.js";
import { sealNumber } from "./seal-number.js";
import { instant, sha256Hex, sizeInBytes, unitName } from "./text-field.js";

/** A unit and the fingerprint of its card. */
export const party = z.strictObject({ unit: unitName, fingerprint: sha256Hex });

/** A file of the package. The hash stands before the name, as `sha256sum` wants it (HOW-TO-OPEN.txt uses that). */
export const sealedFile = z.strictObject({ sha256: sha256Hex, name: z.string().max(64), size: sizeInBytes });

/** A file that a label speaks for. `disc` only where the container is cut into parts: the disc on which this part is. */
export const labelledFile = sealedFile.extend({ disc: z.int().min(1).max(volumesCap).exactOptional() });

/** The public label, evseal/label/v1 (FORMAT.md): a closed schema without free text. */
const labelSchema = z
  .strictObject({
    format: z.literal("evseal/label/v1"),
    seal: sealNumber,
    sealedAt: instant,
    sender: party,
    recipients: z.array(party).min(1).max(limits.recipients),
    files: z
      .array(labelledFile)
      .min(3)
      .max(volumesCap + 2),
  })
  .refine(({ seal, files }) => haveTheirNames(seal, files) && haveTheirDiscs(files));

export type Party = z.infer<typeof party>;
export type SealedFile = z.infer<typeof sealedFile>;
export type LabelledFile = z.infer<typeof labelledFile>;
export type Label = z.infer<typeof labelSchema>;

interface Labelled {
  readonly files: readonly LabelledFile[];
}

/** The container, or the parts of it in their order: of what a label speaks for, all but the last two. */
export function partsOf({ files }: Labelled): readonly LabelledFile[] {
  return files.slice(0, -2);
}

/** The others: the sealed manifest and the text, which stand on every disc. */
export function onEachDisc({ files }: Labelled): readonly LabelledFile[] {
  return files.slice(-2);
}

/** Of all parts together, in bytes. */
export function containerSizeBytes(label: Labelled): number {
  return totalSizeBytes(partsOf(label));
}

export function totalSizeBytes(files: readonly LabelledFile[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}

/** How many discs the parts are on. */
export function discCountOf(label: Labelled): number {
  return partsOf(label).at(-1)?.disc ?? 1;
}

/** The container or its parts, manifest and text: all of the package but the label and its signature. */
function haveTheirNames(seal: string, files: readonly LabelledFile[]): boolean {
  const { container, manifest } = namesFor(seal);
  const parts = partsOf({ files }).map((_, index) => (files.length === 3 ? container : partName(seal, index + 1)));
  const names = [...parts, manifest, howToName];
  return files.every(({ name }, index) => name === names[index]);
}

/** Where there are parts each is on a disc, in order; every disc has one. */
function haveTheirDiscs(files: readonly LabelledFile[]): boolean {
  const [manifest, howTo] = onEachDisc({ files });
  if (manifest?.disc !== undefined || howTo?.disc !== undefined) return false;
  const parts = partsOf({ files });
  if (parts.length === 1) return parts[0]?.disc === undefined;
  return parts.every(({ disc = 0 }, index) => [0, 1].includes(disc - (parts[index - 1]?.disc ?? 0)) && disc > 0);
}

export function encodeLabel(label: Label): Uint8Array {
  return encodeCanonical(labelSchema.parse(label));
}

/** Throws LABEL_MALFORMED. The caller has capped the size and, except to inspect, verified the signature. */
export function decodeLabel(bytes: Uint8Array): Label {
  try {
    return decodeCanonical(bytes, labelSchema);
  } catch (cause) {
    throw new EvsealError("LABEL_MALFORMED", "the package's label is not one that evseal writes", {
      hint: "ask the sender which version of evseal made it, or to send it again",
      cause,
    });
  }
}
