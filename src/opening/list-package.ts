import type { Identity } from "../age/identity.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import type { Manifest } from "../package/manifest.js";
import { PackageDiscs } from "./package-discs.js";
import { verifyLabel } from "./verified-label.js";
import { openManifest } from "./verified-manifest.js";

/** The proven manifest; the media container is not read, and one disc of a package is enough. */
export async function listPackage(
  path: string,
  { trusted, identities }: { trusted: TrustedSigners; identities: readonly Identity[] },
): Promise<Manifest> {
  const { first: files } = await PackageDiscs.in([path]);
  const label = await verifyLabel(files, trusted);
  const { manifest } = await openManifest(files, label, identities);
  return manifest;
}
