import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Plaintext, seal } from "../../src/age/seal.js";
import { collect, concat, utf8 } from "../../src/bytes.js";
import { sign } from "../../src/minisign/sign.js";
import { encodeCanonical } from "../../src/package/canonical-json.js";
import { howToOpen } from "../../src/package/how-to-open.js";
import type { Label, LabelledFile, SealedFile } from "../../src/package/label.js";
import { discName, howToName, namesFor, partName, trustedComments } from "../../src/package/names.js";
import { encodeManifestArchive } from "../../src/package/manifest-archive.js";
import type { Manifest } from "../../src/package/manifest.js";
import { layOutMedia } from "../../src/package/media-archive.js";
import type { PortablePath } from "../../src/package/portable-path.js";
import { makeArchive } from "../media-archive.js";
import { partyOf, type Unit } from "../units.js";

const seconds = 1_795_471_805; // 2026-11-23T22:10:05Z
const sealedAt = "2026-11-23T22:10:05Z";
const modified = "2026-11-20T10:00:00.000000000Z";
const tooLong = (): Error => new Error("too long");

/** What is wrong with a package; everything not named is as it should be, and signed as if it were. */
export interface Forgery {
  readonly seal?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest?: (manifest: Manifest) => object;
  readonly label?: (label: Label) => object;
  readonly archive?: (archive: Uint8Array) => Uint8Array;
  readonly container?: (container: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly manifestArchive?: (archive: Uint8Array) => Uint8Array;
  readonly mediaRecipients?: readonly Unit[];
  readonly manifestRecipients?: readonly Unit[];
  readonly manifestSigner?: Unit;
  readonly labelSigner?: Unit;
  readonly manifestComment?: string;
  readonly labelComment?: string;
  readonly howTo?: string;
  /** Cuts the container into parts: for each disc the sizes of its parts, the last of which gets the rest. */
  readonly discs?: readonly (readonly number[])[];
  readonly sealedManifest?: () => Uint8Array;
}

/**
 * Makes a package as a malicious but validly signing sender could, with evseal's own pieces and none of its checks.
 * With an empty forgery it is a package like any other (a test says so). Returns its path.
 */
export async function forgePackage(
  outDir: string,
  sender: Unit,
  recipients: readonly Unit[],
  forgery: Forgery = {},
): Promise<string> {
  const number = forgery.seal ?? "EV-F0RG-ED00-0001";
  const names = namesFor(number);
  const path = join(outDir, number);
  const onEachDisc = new Map<string, Uint8Array>();
  const write = (name: string, bytes: Uint8Array): SealedFile => {
    onEachDisc.set(name, bytes);
    return sealedFile(name, bytes);
  };

  const contents = Object.entries(forgery.files ?? { "INT/a.mp4": "the interview", "INT/b.txt": "" });
  const files = contents.map(([text, content]) => ({
    path: { text } as unknown as PortablePath,
    sizeBytes: Buffer.byteLength(content),
    modified,
  }));
  const layout = layOutMedia(number, files);
  const archive = makeArchive(
    layout,
    contents.map(([, content]) => utf8(content)),
  );
  const sealedMedia = await sealTo(forgery.mediaRecipients ?? recipients, forgery.archive?.(archive) ?? archive);
  const containerBytes = (await forgery.container?.(sealedMedia)) ?? sealedMedia;
  const container = sealedFile(names.container, containerBytes);
  const parts = forgery.discs ? cut(number, containerBytes, forgery.discs) : [{ ...container, bytes: containerBytes }];

  const manifest: Manifest = {
    format: "evseal/manifest/v1",
    seal: number,
    sealedAt,
    sender: { ...partyOf(sender), signingKey: sender.card.signingKey },
    recipients: recipients.map((unit) => ({ ...partyOf(unit), recipient: unit.card.recipient, role: "recipient" })),
    container,
    record: {},
    readBack: true,
    tool: { name: "evseal", version: "0.1.0" },
    totals: {
      files: files.length,
      bytes: files.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
      padding: layout.padding.sizeBytes,
    },
    files: contents.map(([text, content], index) => ({
      sha256: sha256(utf8(content)),
      path: text,
      size: Buffer.byteLength(content),
      modified,
      offset: layout.offsets[index] ?? 0,
    })),
  };
  const manifestBytes = encodeCanonical({ ...(forgery.manifest?.(manifest) ?? manifest) });
  const manifestComment = forgery.manifestComment ?? trustedComments.manifest(number);
  const signedManifest = sign(manifestBytes, (forgery.manifestSigner ?? sender).signingKey, manifestComment);
  const signedFiles = { manifest: signedManifest.document, signature: signedManifest.signature };
  const manifestArchive = concat(...encodeManifestArchive(number, signedFiles, seconds));
  const sealedManifest = await sealTo(
    forgery.manifestRecipients ?? recipients,
    forgery.manifestArchive?.(manifestArchive) ?? manifestArchive,
  );
  const label: Label = {
    format: "evseal/label/v1",
    seal: number,
    sealedAt,
    sender: partyOf(sender),
    recipients: recipients.map(partyOf),
    files: [
      ...parts.map(({ sha256, name, size, disc }) => ({ sha256, name, size, ...(disc !== undefined && { disc }) })),
      write(names.manifest, forgery.sealedManifest?.() ?? sealedManifest),
      write(howToName, forgery.howTo === undefined ? howToOpen.bytes : utf8(forgery.howTo)),
    ],
  };
  const labelBytes = encodeCanonical({ ...(forgery.label?.(label) ?? label) });
  const labelComment = forgery.labelComment ?? trustedComments.label(number);
  const signedLabel = sign(labelBytes, (forgery.labelSigner ?? sender).signingKey, labelComment);
  write(names.label, signedLabel.document);
  write(names.labelSignature, signedLabel.signature);
  const discCount = forgery.discs?.length ?? 1;
  for (let disc = 1; disc <= discCount; disc++) {
    const folder = discCount === 1 ? path : join(path, discName(disc));
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of onEachDisc) await writeFile(join(folder, name), bytes);
    for (const part of parts) if ((part.disc ?? 1) === disc) await writeFile(join(folder, part.name), part.bytes);
  }
  return path;
}

function sealedFile(name: string, bytes: Uint8Array): SealedFile {
  return { sha256: sha256(bytes), name, size: bytes.length };
}

/** The parts of a container, by their sizes; the last has what is left. */
function cut(
  seal: string,
  bytes: Uint8Array,
  discs: readonly (readonly number[])[],
): readonly (LabelledFile & { readonly bytes: Uint8Array })[] {
  const sizes = discs.flatMap((sizes, index) => sizes.map((size) => ({ size, disc: index + 1 })));
  let start = 0;
  return sizes.map(({ size, disc }, index) => {
    const part = bytes.subarray(start, index === sizes.length - 1 ? bytes.length : start + size);
    start += size;
    return { ...sealedFile(partName(seal, index + 1), part), disc, bytes: part };
  });
}

async function sealTo(recipients: readonly Unit[], payload: Uint8Array): Promise<Uint8Array> {
  const sealed = seal(
    Plaintext.of(of(payload)),
    recipients.map(({ identity }) => identity.recipient),
  );
  sealed.takeFileKey().wipe();
  return await collect(sealed.chunks(), payload.length + 64 * 1024, tooLong);
}

async function* of(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
