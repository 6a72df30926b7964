import * as z from "zod";
import { EvsealError } from "../errors.js";
import { canonicalSizeBytes, decodeCanonical, encodeCanonical } from "./canonical-json.js";
import { party, sealedFile } from "./label.js";
import { limits } from "./limits.js";
import { modifiedTime } from "./modified-time.js";
import { sealNumber } from "./seal-number.js";
import { instant, recordLine, sha256Hex, sizeInBytes } from "./text-field.js";

/** What a disclosure log needs; every member is optional unless the unit demands it. */
export const caseRecord = z.strictObject({
  case: recordLine.exactOptional(),
  exhibits: z.array(recordLine).min(1).max(1000).exactOptional(),
  officer: recordLine.exactOptional(),
  reason: recordLine.exactOptional(),
});

/** A file of evidence. The hash stands before the path, as `sha256sum` wants it (HOW-TO-OPEN.txt uses that). */
const manifestFile = z.strictObject({
  sha256: sha256Hex,
  path: z.string().max(limits.pathBytes),
  size: sizeInBytes,
  modified: modifiedTime,
  /** Where its content starts, in bytes from the start of the media archive. */
  offset: sizeInBytes,
});

/** The sealed and signed manifest, evseal/manifest/v1 (FORMAT.md). */
export const manifestSchema = z.strictObject({
  format: z.literal("evseal/manifest/v1"),
  seal: sealNumber,
  sealedAt: instant,
  sender: party.extend({ signingKey: z.string().max(64) }),
  recipients: z
    .array(party.extend({ recipient: z.string().max(4096), role: z.enum(["recipient", "recovery"]) }))
    .min(1)
    .max(limits.recipients),
  container: sealedFile,
  record: caseRecord,
  readBack: z.literal(true),
  tool: z.strictObject({ name: z.literal("evseal"), version: z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/) }),
  totals: z.strictObject({ files: sizeInBytes, bytes: sizeInBytes, padding: sizeInBytes }),
  files: z.array(manifestFile).min(1).max(limits.files),
});

export type CaseRecord = z.infer<typeof caseRecord>;
export type ManifestFile = z.infer<typeof manifestFile>;
export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest whose files, at least one, need not all be there at once: they are walked several times. */
export type StreamedManifest = Omit<Manifest, "files"> & { readonly files: Iterable<ManifestFile> };

const manifestHead = manifestSchema.omit({ files: true });

/** Throws TOO_MUCH_TO_PACK when the files' list alone would pass the cap that every reader keeps. */
export function encodeManifest({ files, ...head }: StreamedManifest): Uint8Array {
  for (const file of files) manifestFile.parse(file);
  const bytes = encodeCanonical({ ...manifestHead.parse(head), files });
  requireRoom(bytes.length);
  return bytes;
}

/** The length of what `encodeManifest` gives of a valid manifest; throws the same. */
export function manifestSizeBytes(manifest: StreamedManifest): number {
  const sizeBytes = canonicalSizeBytes(manifest);
  requireRoom(sizeBytes);
  return sizeBytes;
}

function requireRoom(sizeBytes: number): void {
  if (sizeBytes <= limits.manifestBytes) return;
  throw new EvsealError("TOO_MUCH_TO_PACK", "there are too many files for one package", {
    hint: "pack the folders in several packages",
  });
}

/** Throws MANIFEST_MALFORMED. The caller has capped the size and verified the signature. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  try {
    return decodeCanonical(bytes, manifestSchema);
  } catch (cause) {
    throw malformedManifest("is not one that evseal writes", cause);
  }
}

export function malformedManifest(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("MANIFEST_MALFORMED", `the package's manifest ${complaint}`, {
    hint: "ask the sender which version of evseal made it, or to send it again",
    cause,
  });
}
