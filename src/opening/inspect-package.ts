import { readHeader } from "../age/header.js";
import { SourceReader } from "../age/source-reader.js";
import { EvsealError } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { decodeLabel, partsOf, type Label, type LabelledFile, type Party } from "../package/label.js";
import { PackageDiscs } from "./package-discs.js";
import type { PackageFiles } from "./package-files.js";
import { readLabel, verifyLabelSignature } from "./verified-label.js";

/** What `inspect --json` prints: as the label and the container's header say, without a verdict. */
export interface InspectResult {
  readonly seal: string;
  readonly sealedAt: string;
  readonly sender: Party & { readonly trusted: boolean };
  readonly recipients: readonly Party[];
  readonly containers: readonly LabelledFile[];
  /** The age stanza types of the media container, one for each recipient. */
  readonly stanzas: readonly string[];
}

/** What can be known without a key. Throws when there is no package with a readable label and container header. */
export async function inspectPackage(path: string, { trusted }: { trusted: TrustedSigners }): Promise<InspectResult> {
  const { first: files } = await PackageDiscs.in([path]);
  const { document } = await readLabel(files);
  const label = decodeLabel(document);
  return {
    seal: label.seal,
    sealedAt: label.sealedAt,
    sender: { ...label.sender, trusted: await isTrusted(files, trusted) },
    recipients: label.recipients,
    containers: partsOf(label),
    stanzas: await stanzaTypes(files, label),
  };
}

/** Whether the label's signature proves its sender; says nothing about the other files. */
async function isTrusted(files: PackageFiles, trusted: TrustedSigners): Promise<boolean> {
  try {
    await verifyLabelSignature(files, trusted);
    return true;
  } catch (cause) {
    if (cause instanceof EvsealError && cause.exitCode === 4) return false;
    throw cause;
  }
}

/** Of the container's header; on a disc without its beginning, of the manifest's, which is sealed to the same. */
async function stanzaTypes(files: PackageFiles, label: Label): Promise<readonly string[]> {
  const [beginning] = partsOf(label);
  const hasBeginning = beginning?.disc === undefined || files.has(beginning.name);
  const source = await files.open(hasBeginning && beginning ? beginning.name : files.names.manifest);
  try {
    const { stanzas } = await readHeader(new SourceReader(source.chunks()));
    return stanzas.map(({ type }) => type);
  } finally {
    await source.close();
  }
}
