import { EvsealError } from "../errors.js";
import { layOutMedia, type MediaFile, type MediaLayout } from "./media-archive.js";
import { malformedManifest, type Manifest } from "./manifest.js";
import { PortablePath, refuseCollisions } from "./portable-path.js";

/** A manifest whose paths are safe and whose offsets, totals and padding are those that follow from its files. */
export interface CheckedManifest {
  readonly manifest: Manifest;
  /** In the order of `manifest.files`. */
  readonly files: readonly MediaFile[];
  readonly layout: MediaLayout;
}

/** Throws NAME_UNSAFE or NAMES_COLLIDE for hostile names, MANIFEST_MALFORMED when the numbers do not add up. */
export function checkManifest(manifest: Manifest): CheckedManifest {
  const files = safeFiles(manifest);
  const layout = layOutMedia(manifest.seal, files);
  if (!manifest.files.every(({ offset }, index) => offset === layout.offsets[index])) throw doesNotAddUp();
  const totals = totalsOf(layout);
  const totalsAgree = (["files", "bytes", "padding"] as const).every((key) => manifest.totals[key] === totals[key]);
  if (!totalsAgree || !Number.isSafeInteger(layout.archiveSizeBytes)) throw doesNotAddUp();
  return { manifest, files, layout };
}

/** What the manifest says of all files together. */
export function totalsOf({ files, padding }: MediaLayout): Manifest["totals"] {
  const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return { files: files.length, bytes, padding: padding.sizeBytes };
}

function doesNotAddUp(): EvsealError {
  return malformedManifest("does not add up");
}

/** The rules are those of packing; what to do about a broken one is not. */
function safeFiles({ files }: Manifest): readonly MediaFile[] {
  try {
    const safe = files.map(({ path, size, modified }) => ({
      path: PortablePath.parse(path),
      sizeBytes: size,
      modified,
    }));
    refuseCollisions(safe.map(({ path }) => path));
    return safe;
  } catch (cause) {
    if (!(cause instanceof EvsealError)) throw cause;
    throw new EvsealError(cause.code, `the package holds what no package may: ${cause.message}`, {
      ...(cause.subject !== undefined && { subject: cause.subject }),
      hint: "do not use this package: tell the sender which name was refused",
      cause,
    });
  }
}
