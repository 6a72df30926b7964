import { sha256 } from "../crypto/digest.js";
import { toHex } from "../bytes.js";
import { EvsealError, fault } from "../errors.js";
import { groupHex } from "../keys/fingerprint.js";
import type { TrustedSigner, TrustedSigners } from "../keys/trusted-signers.js";
import { signatureKeyId, verify } from "../minisign/verify.js";
import { decodeLabel, onEachDisc, type Label, type LabelledFile } from "../package/label.js";
import { howToName, trustedComments } from "../package/names.js";
import { limits } from "../package/limits.js";
import type { PackageFiles } from "./package-files.js";
import { altered } from "./refusals.js";

/** A label that a signer we trust has signed, in a folder that has exactly the files it names, or some of its discs. */
export interface VerifiedLabel {
  readonly label: Label;
  readonly signer: TrustedSigner;
  /** Of the label and its signature, as they were read. */
  readonly labelHashes: readonly { readonly name: string; readonly sha256: string }[];
  /** The container, or those of its parts that are in this folder. */
  readonly partsHere: readonly LabelledFile[];
  readonly manifest: LabelledFile;
}

/** Steps 1 to 3 of opening (FORMAT.md, "What opening establishes"); nothing here needs a private key. */
export async function verifyLabel(files: PackageFiles, trusted: TrustedSigners): Promise<VerifiedLabel> {
  const { label, signer, labelHashes } = await verifyLabelSignature(files, trusted);
  // 3. The exact set of files: named by the label, present, of the right size.
  const partsHere = await files.requireExactly(label);
  const [manifest, howTo] = onEachDisc(label);
  if (!manifest || !howTo) throw fault("a label without its files"); // its schema has them
  const text = await files.read(howToName, limits.howToBytes, altered);
  if (toHex(sha256(text)) !== howTo.sha256) throw altered();
  return { label, signer, labelHashes, partsHere, manifest };
}

/** Steps 1 and 2. */
export async function verifyLabelSignature(
  files: PackageFiles,
  trusted: TrustedSigners,
): Promise<Pick<VerifiedLabel, "label" | "signer" | "labelHashes">> {
  // 1. Caps before allocation.
  const { document, signature } = await readLabel(files);
  // 2. The signature over the exact bytes, by a trusted signer; parsed only after.
  const signer = findSigner(document, signature, trusted);
  const verified = verify(document, signature, signer.key, trustedComments.label(files.seal));
  const label = decodeLabel(verified.document);
  requireSameSeal(label, files.seal);
  requireSender(label, signer);
  const { label: name, labelSignature } = files.names;
  const labelHashes = [
    { name, sha256: toHex(sha256(document)) },
    { name: labelSignature, sha256: toHex(sha256(signature)) },
  ];
  return { label, signer, labelHashes };
}

/** The label and its signature, unbelieved. Throws SIGNATURE_MISSING, LABEL_MALFORMED. */
export async function readLabel(files: PackageFiles): Promise<{ document: Uint8Array; signature: Uint8Array }> {
  if (!files.has(files.names.labelSignature)) {
    throw new EvsealError("SIGNATURE_MISSING", "the package's label is not signed", {
      hint: "do not open it: ask the sender for a complete package",
    });
  }
  const document = await files.read(files.names.label, limits.labelBytes, () => tooLarge("LABEL_MALFORMED", "label"));
  const signature = await files.read(files.names.labelSignature, limits.signatureBytes, () =>
    tooLarge("SIGNATURE_MALFORMED", "label's signature"),
  );
  return { document, signature };
}

/** The trusted signer whose key id the signature names. Throws SIGNER_UNKNOWN with what the label claims. */
function findSigner(document: Uint8Array, signature: Uint8Array, trusted: TrustedSigners): TrustedSigner {
  const signer = trusted.findByKeyId(signatureKeyId(signature));
  if (signer) return signer;
  const { sender } = decodeLabel(document);
  throw new EvsealError(
    "SIGNER_UNKNOWN",
    `the package is signed by nobody you trust; it claims to come from ${sender.unit}, ${groupHex(sender.fingerprint)}`,
    {
      hint: "if you expected it, get that unit's card, compare its fingerprint by telephone and run evseal contacts add",
    },
  );
}

function requireSameSeal(label: Label, seal: string): void {
  if (label.seal !== seal) throw sealDiffers();
}

/** A unit may have renewed its card for the same key since; its name and its key are what must agree. */
function requireSender(label: Label, signer: TrustedSigner): void {
  if (signer.fingerprint !== undefined && signer.unit !== label.sender.unit) {
    throw new EvsealError("SIGNERS_DIFFER", "the label names another sender than the unit whose key signed it", {
      hint: "do not use it: ask the unit that signed it what it sent, and report this",
    });
  }
  if (signer.expires !== undefined && label.sealedAt > signer.expires) {
    throw new EvsealError("SIGNER_EXPIRED", "the package was sealed after the sender's card had expired", {
      hint: "ask the sender for their current card and for a package signed with it",
    });
  }
}

function sealDiffers(): EvsealError {
  return new EvsealError("LABEL_MALFORMED", "the label belongs to another package than its file name says", {
    hint: "ask the sender for another copy and report that this one was mixed up",
  });
}

function tooLarge(code: "LABEL_MALFORMED" | "SIGNATURE_MALFORMED", what: string): EvsealError {
  return new EvsealError(code, `the package's ${what} is larger than any that evseal writes`, {
    hint: "ask the sender for another copy",
  });
}
