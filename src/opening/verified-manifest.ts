import type { Identity } from "../age/identity.js";
import type { Header } from "../age/header.js";
import { open, type Unlock } from "../age/open.js";
import { unwrapWithIdentities } from "../age/unwrap.js";
import { collect } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { verify } from "../minisign/verify.js";
import { containerSizeBytes, partsOf, type Label, type SealedFile } from "../package/label.js";
import { namesFor, trustedComments } from "../package/names.js";
import { decodeManifest, type Manifest } from "../package/manifest.js";
import { decodeManifestArchive, type ManifestArchive } from "../package/manifest-archive.js";
import { checkManifest, type CheckedManifest } from "../package/checked-manifest.js";
import type { PackageFiles } from "./package-files.js";
import { manifestTooLarge, readSealedManifest } from "./sealed-manifest.js";
import type { VerifiedLabel } from "./verified-label.js";
import type { SealedMedia } from "./verified-media.js";

/** A manifest that agrees with its label, signed by the same signer, sealed to one of `identities`. */
export interface VerifiedManifest extends CheckedManifest {
  /** The signed bytes and their signature, as proof to keep beside what is opened. */
  readonly proof: ManifestArchive;
  /** The media container, to be opened by one of the manifest's recipients only, sealed to exactly those (step 5). */
  readonly media: Omit<SealedMedia, "pieces">;
}

/** Steps 4 and 5 of opening (FORMAT.md, "What opening establishes"). Takes nothing from the manifest it has not proven. */
export async function openManifest(
  files: PackageFiles,
  { label, signer, manifest: sealed }: Pick<VerifiedLabel, "label" | "signer" | "manifest">,
  identities: readonly Identity[],
): Promise<VerifiedManifest> {
  // 4. Its hash is the label's; decrypted; signed by the same signer; of the same package.
  const opened = await decrypt(files, sealed, identities);
  const proof = decodeManifestArchive(label.seal, opened.archive, Date.parse(label.sealedAt) / 1000);
  const signed = verify(proof.manifest, proof.signature, signer.key, trustedComments.manifest(label.seal));
  const manifest = decodeManifest(signed.document);
  if (
    manifest.seal !== label.seal ||
    manifest.sealedAt !== label.sealedAt ||
    !same(partyOf(manifest.sender), label.sender) ||
    manifest.sender.signingKey !== signer.key.encoded ||
    !same(manifest.recipients.map(partyOf), label.recipients) ||
    !isContainerOf(label, manifest)
  ) {
    throw new EvsealError("MANIFEST_DIFFERS", "the manifest and the label of this package do not agree", {
      hint: "do not use it: ask the sender for a new package and report that this one contradicts itself",
    });
  }
  // 5. The key that opened it is one of the recipients', and the header is sealed to exactly those.
  requireRecipients(manifest, opened.header, opened.identity);
  const unlock: Unlock = (header) => {
    const { fileKey, identity } = unwrapMedia(header, identities);
    try {
      requireRecipients(manifest, header, identity);
    } catch (cause) {
      fileKey.wipe();
      throw cause;
    }
    return fileKey;
  };
  const checked = checkManifest(manifest);
  const hashes = manifest.files.map((file) => file.sha256);
  const { sha256 } = manifest.container;
  return { ...checked, proof, media: { sha256, layout: checked.layout, hashes, unlock } };
}

/** The label's container is the manifest's; of one that is cut into parts, the label says how long they are together. */
function isContainerOf(label: Label, { container }: Manifest): boolean {
  const [first, ...others] = partsOf(label);
  if (others.length === 0) return same(first, container);
  return container.name === namesFor(label.seal).container && container.size === containerSizeBytes(label);
}

interface DecryptedManifest {
  readonly archive: Uint8Array;
  readonly header: Header;
  readonly identity: Identity | undefined;
}

async function decrypt(
  files: PackageFiles,
  sealed: SealedFile,
  identities: readonly Identity[],
): Promise<DecryptedManifest> {
  return await readSealedManifest(files, sealed, async (chunks, sizeBytes) => {
    let identity: Identity | undefined;
    const { header, payload } = await open(chunks, (header) => {
      const unwrapped = unwrapWithIdentities(header, identities);
      identity = unwrapped.identity;
      return unwrapped.fileKey;
    });
    const archive = await collect(payload, sizeBytes, manifestTooLarge);
    return { archive, header, identity };
  });
}

/** Nobody re-sealed it to us: our key is a recipient's, and there is one stanza of its kind for each recipient. */
function requireRecipients(manifest: Manifest, header: Header, identity: Identity | undefined): void {
  const addressed = manifest.recipients.some(({ recipient }) => recipient === identity?.recipient.encoded);
  const sealedToAll =
    header.stanzas.length === manifest.recipients.length &&
    header.stanzas.every(({ type }) => type === identity?.recipient.kind);
  if (addressed && sealedToAll) return;
  throw recipientsDiffer();
}

/** The manifest was for us: media that are not were sealed to others. */
function unwrapMedia(header: Header, identities: readonly Identity[]): ReturnType<typeof unwrapWithIdentities> {
  try {
    return unwrapWithIdentities(header, identities);
  } catch (cause) {
    if (cause instanceof EvsealError && cause.code === "NOT_ADDRESSED_TO_US") throw recipientsDiffer(cause);
    throw cause;
  }
}

function recipientsDiffer(cause?: unknown): EvsealError {
  return new EvsealError("RECIPIENTS_DIFFER", "the package is sealed to others than its manifest says", {
    hint: "do not use it: somebody sealed it again; ask the sender for a new package and report this",
    cause,
  });
}

function partyOf({ unit, fingerprint }: { unit: string; fingerprint: string }) {
  return { unit, fingerprint };
}

/** Of plain data with its members in one order, as the schemas leave it. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
