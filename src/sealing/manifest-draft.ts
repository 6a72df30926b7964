import { existing } from "../errors.js";
import type { Card } from "../keys/card.js";
import { fingerprintOf } from "../keys/fingerprint.js";
import type { Label, LabelledFile, Party, SealedFile } from "../package/label.js";
import { manifestSizeBytes, type CaseRecord, type StreamedManifest, type ManifestFile } from "../package/manifest.js";
import { totalsOf } from "../package/checked-manifest.js";
import type { MediaLayout } from "../package/media-archive.js";
import { namesFor } from "../package/names.js";
import { version } from "../version.js";

/** All that manifest and label say and that is known before a byte is sealed. */
export interface Draft {
  readonly seal: string;
  readonly sealedAt: string;
  readonly sender: Card;
  readonly recipients: readonly Card[];
  readonly record: CaseRecord;
  readonly layout: MediaLayout;
}

/** The manifest, once the container was read back and `hashOf` tells the SHA-256 of each file by its index. */
export function completeManifest(
  draft: Draft,
  container: SealedFile,
  hashOf: (index: number) => string,
): StreamedManifest {
  const { seal, sealedAt, sender, recipients, record, layout } = draft;
  return {
    format: "evseal/manifest/v1",
    seal,
    sealedAt,
    sender: { ...partyOf(sender), signingKey: sender.signingKey },
    recipients: recipients.map((card) => ({ ...partyOf(card), recipient: card.recipient, role: "recipient" })),
    container,
    record,
    readBack: true,
    tool: { name: "evseal", version },
    totals: totalsOf(layout),
    files: { [Symbol.iterator]: () => filesOf(draft, hashOf) },
  };
}

function* filesOf({ layout }: Draft, hashOf: (index: number) => string): Generator<ManifestFile, void> {
  for (const [index, { path, sizeBytes, modified }] of layout.files.entries()) {
    const offset = existing(layout.offsets[index], "an offset");
    yield { sha256: hashOf(index), path: path.text, size: sizeBytes, modified, offset };
  }
}

/** The label, over `files`: the container or its parts, then manifest and text. */
export function completeLabel({ seal, sealedAt, sender, recipients }: Draft, files: readonly LabelledFile[]): Label {
  return {
    format: "evseal/label/v1",
    seal,
    sealedAt,
    sender: partyOf(sender),
    recipients: recipients.map(partyOf),
    files: [...files],
  };
}

/** In place of a hash that is not known yet: all are as long. */
export const anyHash = "0".repeat(64);

/**
 * How long the manifest will be, or a few digits less. Throws TOO_MUCH_TO_PACK before hours of work: its length does not
 * depend on what the hashes are.
 */
export function requireRoomInManifest(draft: Draft): number {
  const container = { sha256: anyHash, name: namesFor(draft.seal).container, size: Number.MAX_SAFE_INTEGER };
  return manifestSizeBytes(completeManifest(draft, container, () => anyHash));
}

function partyOf(card: Card): Party {
  return { unit: card.unit, fingerprint: fingerprintOf(card).hex };
}
