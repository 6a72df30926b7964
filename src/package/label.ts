import { z } from "zod";
import { EvsealError } from "../errors.js";
import { decodeCanonical, encodeCanonical } from "./canonical-json.js";
import { howToName, namesFor } from "./names.js";
import { limits } from "./limits.js";
import { sealNumber } from "./seal-number.js";
import { instant, sha256Hex, sizeInBytes, unitName } from "./text-field.js";

/** A unit and the fingerprint of its card. */
export const party = z.strictObject({ unit: unitName, fingerprint: sha256Hex });

/** A file of the package. The hash stands before the name, as `sha256sum` wants it (HOW-TO-OPEN.txt uses that). */
export const sealedFile = z.strictObject({ sha256: sha256Hex, name: z.string().max(64), size: sizeInBytes });

/** The public label, evseal/label/v1 (FORMAT.md): a closed schema without free text. */
const labelSchema = z
  .strictObject({
    format: z.literal("evseal/label/v1"),
    seal: sealNumber,
    sealedAt: instant,
    sender: party,
    recipients: z.array(party).min(1).max(limits.recipients),
    files: z.array(sealedFile),
  })
  .refine(({ seal, files }) => files.map(({ name }) => name).join("\n") === labelledNames(seal).join("\n"));

export type Party = z.infer<typeof party>;
export type SealedFile = z.infer<typeof sealedFile>;
export type Label = z.infer<typeof labelSchema>;

/** The files a label speaks for, in its order: all of the package but the label and its signature. */
function labelledNames(seal: string): readonly string[] {
  return [namesFor(seal).container, namesFor(seal).manifest, howToName];
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
