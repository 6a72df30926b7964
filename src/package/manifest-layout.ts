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
  const files = manifest.files.map(({ path, size, modified }) => ({
    path: PortablePath.parse(path),
    sizeBytes: size,
    modified,
  }));
  refuseCollisions(files.map(({ path }) => path));
  const layout = layOutMedia(manifest.seal, files);
  const offsetsAgree = layout.entries.every(({ offset }, index) => offset === manifest.files[index]?.offset);
  const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const { totals } = manifest;
  if (
    !offsetsAgree ||
    totals.files !== files.length ||
    totals.bytes !== bytes ||
    totals.padding !== layout.padding.sizeBytes ||
    !Number.isSafeInteger(layout.archiveSizeBytes)
  ) {
    throw malformedManifest("does not add up");
  }
  return { manifest, files, layout };
}
