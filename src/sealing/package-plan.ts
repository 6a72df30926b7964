import { sealedPayloadSizeBytes } from "../age/stream.js";
import type { PlannedPart } from "../output/package-folder.js";
import { howToOpen } from "../package/how-to-open.js";
import { encodeLabel } from "../package/label.js";
import { limits } from "../package/limits.js";
import { encodeManifestArchive } from "../package/manifest-archive.js";
import { howToName, namesFor, partName, volumesCap } from "../package/names.js";
import { planVolumes, type Volume } from "../package/volumes.js";
import { anyHash, completeLabel, type Draft } from "./manifest-draft.js";

/** What a package will be, which is known before it is sealed. */
export interface PackagePlan {
  /** The container, or what it is cut into. */
  readonly parts: readonly PlannedPart[];
  readonly discCount: number;
  /** Of the package on all its discs together; at most. */
  readonly sizeBytes: number;
}

/** Of what is known of the sealed files' sizes before they are sealed. */
export interface DraftSizes {
  /** Of age's header and nonce, in the container as in the sealed manifest. */
  readonly startSizeBytes: number;
  readonly manifestSizeBytes: number;
}

/** Without a volume, one container of any size. Throws USAGE where the volume is too small, and TOO_MUCH_TO_PACK. */
export function planPackage(draft: Draft, sizes: DraftSizes, volume?: Volume): PackagePlan {
  const { seal, layout } = draft;
  const sizeBytes = sizes.startSizeBytes + sealedPayloadSizeBytes(layout.archiveSizeBytes);
  const small = volume === undefined ? [] : smallFilesBytes(draft, sizes);
  const discs = volume === undefined ? [[sizeBytes]] : planVolumes(sizeBytes, small, volume);
  const parts = discs.flatMap((disc, index) => disc.map((partBytes) => ({ sizeBytes: partBytes, disc: index + 1 })));
  return {
    parts:
      parts.length === 1
        ? [{ name: namesFor(seal).container, sizeBytes }]
        : parts.map((part, index) => ({ name: partName(seal, index + 1), ...part })),
    discCount: discs.length,
    sizeBytes: sizeBytes + discs.length * small.reduce((total, size) => total + size, 0),
  };
}

/** Of the files that stand on every disc: at most, and little more than they will have. */
function smallFilesBytes(draft: Draft, { startSizeBytes, manifestSizeBytes }: DraftSizes): readonly number[] {
  const { seal } = draft;
  const files = { manifest: new Uint8Array(manifestSizeBytes), signature: new Uint8Array(limits.signatureBytes) };
  const archive = encodeManifestArchive(seal, files, Date.parse(draft.sealedAt) / 1000);
  const archiveSizeBytes = archive.reduce((total, part) => total + part.length, 0);
  const anyFile = { sha256: anyHash, size: Number.MAX_SAFE_INTEGER };
  const label = completeLabel(draft, [
    ...Array.from({ length: volumesCap }, (_, index) => ({
      ...anyFile,
      name: partName(seal, index + 1),
      disc: index + 1,
    })),
    { ...anyFile, name: namesFor(seal).manifest },
    { ...anyFile, name: howToName },
  ]);
  return [
    startSizeBytes + sealedPayloadSizeBytes(archiveSizeBytes),
    encodeLabel(label).length,
    limits.signatureBytes,
    howToOpen.bytes.length,
  ];
}
