/** Broken builds of the rooms that open and check packages. */
import { mutant, type Mutant } from "./mutant.js";

const damaged = "test/opening/damaged-packages.test.ts";
const seals = "test/opening/forged-seals.test.ts";
const contents = "test/opening/forged-contents.test.ts";
const gate = "test/checking/check.test.ts";
const forgedDiscs = "test/checking/forged-discs.test.ts";
const packing = "test/sealing/pack.test.ts";
const discs = "test/opening/several-discs.test.ts";
const mended = "test/opening/mended-copies.test.ts";
const salvage = "test/opening/salvage.test.ts";

export const packages: readonly Mutant[] = [
  mutant(
    "accepts a label without its signature",
    [damaged, "a damaged package (X25519) is refused without EV-F0RG-ED00-0001.label.json.minisig"],
    [
      "src/opening/verified-label.ts",
      "const { document, signature } = await readLabel(files);",
      "const document = await files.read(files.names.label, limits.labelBytes, altered);\n  const signer = trusted.withCard(undefined);",
    ],
    ["src/opening/verified-label.ts", "  const signer = findSigner(document, signature, trusted);\n", ""],
    [
      "src/opening/verified-label.ts",
      "const verified = verify(document, signature, signer.key, trustedComments.label(files.seal));",
      "const verified = { document };",
    ],
    [
      "src/keys/trusted-signers.ts",
      "  withCard(card: Card): TrustedSigners {\n",
      "  withCard(card: Card): TrustedSigners {\n    if (!card) return [...this.#signers.values()][0] as never;\n",
    ],
    ["src/opening/package-files.ts", "const expected = [labelName, labelSignature, ", "const expected = [labelName, "],
  ),
  mutant(
    "accepts a signer that nobody trusts",
    [gate, "the gate says no to a package that nobody we trust has signed"],
    ["src/opening/verified-label.ts", "  if (signer) return signer;\n", "  return signer ?? ({} as TrustedSigner);\n"],
    [
      "src/opening/verified-label.ts",
      "const verified = verify(document, signature, signer.key, trustedComments.label(files.seal));",
      "const verified = signer.key ? verify(document, signature, signer.key, trustedComments.label(files.seal)) : { document };",
    ],
  ),
  mutant(
    "believes a unit that signs in another's name",
    [seals, "who signed a label signed by one trusted unit in another's name"],
    [
      "src/opening/verified-label.ts",
      "signer.fingerprint !== undefined && signer.unit !== label.sender.unit",
      "signer.fingerprint === null",
    ],
  ),
  mutant(
    "accepts what was sealed after the sender's card had expired",
    [seals, "who signed a package sealed after the sender's card had expired"],
    [
      "src/opening/verified-label.ts",
      "signer.expires !== undefined && label.sealedAt > signer.expires",
      "signer.expires === null",
    ],
  ),
  mutant(
    "seals to an expired card",
    [packing, "packing is refused, and leaves nothing, for an expired recipient"],
    ["src/sealing/recipients.ts", "for (const card of [...cards, own]) {", "for (const card of [own]) {"],
  ),
  mutant(
    "seals to oneself only",
    [packing, "packing is refused, and leaves nothing, for only oneself"],
    [
      "src/sealing/recipients.ts",
      "if (cards.every(({ recipient }) => recipient === own.recipient)) {",
      "if (cards.length === 0) {",
    ],
  ),
  mutant(
    "does not compare the manifest's hash with the label's",
    [damaged, "a damaged package (X25519) is refused with any bit flipped"],
    [
      "src/opening/sealed-manifest.ts",
      "provenBy(sha256, source.chunks(), altered)",
      'sha256 === "" ? provenBy(sha256, source.chunks(), altered) : source.chunks()',
    ],
  ),
  mutant(
    "does not compare the recipients with the manifest's",
    [seals, "to whom it is sealed media to one recipient more than the manifest names"],
    ["src/opening/verified-manifest.ts", "      requireRecipients(manifest, header, identity);\n", ""],
  ),
  mutant(
    "does not compare a file's hash with the manifest's",
    [contents, "an archive that is not the manifest's other content"],
    ["src/opening/media-checking.ts", "if (this.#hash.hex() !== sha256) throw contentDiffers();", ""],
  ),
  mutant(
    "does not compare the container's hash with the label's",
    [
      seals,
      "what a co-recipient can forge: the media, under the same file key a container that label and manifest name with a wrong hash",
    ],
    ["src/opening/verified-media.ts", "if (sha256 !== media.sha256) throw altered();", ""],
  ),
  mutant(
    "accepts a padding that is not zero",
    [contents, "an archive that is not the manifest's a padding that is not zero"],
    ["src/package/media-archive-reader.ts", "if (!isZeros(piece)) throw contentDiffers();", "void isZeros(piece);"],
  ),
  mutant(
    "accepts something after the end of the archive",
    [contents, "an archive that is not the manifest's something after the end"],
    [
      "src/opening/verified-media.ts",
      "if (archive.payloadSizeBytes !== layout.archiveSizeBytes) throw contentDiffers();",
      "",
    ],
    [
      "src/package/media-archive-reader.ts",
      "    if (this.#rest.length > 0) throw contentDiffers();\n    yield; // complete: only `end` may follow\n",
      "    do yield;\n    while (this.#rest.length > 0);\n",
    ],
  ),
  mutant(
    "opens a name that leads out of the folder",
    [contents, 'a hostile name, validly signed "a/../../b"'],
    [
      "src/package/portable-path.ts",
      'if (component === "" || component === "." || component === "..")',
      'if (component === "" || component === ".")',
    ],
    ["src/package/portable-path.ts", "if (/[. ]$/.test(component))", "if (/ $/.test(component))"],
  ),
  mutant(
    "does not see that two names meet where case is ignored",
    [contents, "a hostile name, validly signed two names that meet on another system"],
    [
      "src/package/portable-path.ts",
      'return foldCase(text.replace(/\\p{Default_Ignorable_Code_Point}/gu, ""));',
      "return foldCase(text) && text;",
    ],
  ),
  mutant(
    "leaves what could not be proven under a final name",
    [contents, "an archive that is not the manifest's no end"],
    ["src/opening/open-package.ts", "    await folder.discard();\n", "    await folder.commit();\n"],
  ),
  mutant(
    "ignores a stray file in a tray",
    [gate, "the gate says no to a stray file interview.mp4 in the tray"],
    [
      "src/checking/strays.ts",
      "    for (const entry of folder.entries) {\n",
      '    for (const entry of folder.entries.filter(({ name }) => !name.includes("."))) {\n',
    ],
  ),
  mutant(
    "accepts a package with a file more",
    [damaged, "a damaged package (X25519) is refused with a file more, of whatever name"],
    ["src/opening/package-files.ts", "if (this.#entries.length > expected.length) throw foreignFile();", ""],
  ),
  mutant(
    "accepts a text beside the package that evseal never shipped",
    [gate, "the gate says no to a HOW-TO-OPEN.txt that evseal never shipped, though its hash is signed"],
    [
      "src/checking/check-package.ts",
      'if (!shippedHowToHashes.includes(howTo)) return [packageFinding("CLEAR_FOUND", path)];',
      "",
    ],
  ),
  mutant(
    "lets a package leave without one of its discs",
    [forgedDiscs, "the gate says no to a tray without disc 2, and says which is missing"],
    [
      "src/checking/check-package.ts",
      "return missing.length === 0 ? wrong : [...wrong, missingDiscs(missing, numbers.length, entry.path)];",
      "void [missing, missingDiscs];\n  return wrong;",
    ],
  ),
  mutant(
    "takes discs of two sealings for one package",
    [forgedDiscs, "the gate says no to discs of two sealings under one number"],
    [
      "src/checking/check-package.ts",
      "if (labelHashOf(each) !== (ours && labelHashOf(ours)))",
      "if (each.label.seal !== ours?.label.seal && labelHashOf(each))",
    ],
  ),
  mutant(
    "accepts a container in the clear whose hash is signed",
    [gate, "the gate says no to a container or a manifest in the clear, though its hash is signed"],
    ["src/opening/sealed-structure.ts", "    throw notSealed(cause);\n", ""],
  ),
  mutant(
    "takes the disc of another sealing for one of the package's",
    [discs, "a package on several discs with a disc of another package, or one twice, is refused"],
    [
      "src/opening/verified-discs.ts",
      "if (labelHashOf(disc) !== labelHashOf(this.#folders[0] ?? disc)) throw foreignDisc();",
      "",
    ],
  ),
  mutant(
    "does not compare a part's hash with the label's",
    [discs, "a package on several discs that is damaged says which disc it is"],
    [
      "src/opening/verify-package.ts",
      "provenBy(sha256, source.chunks(), () => altered(undefined, disc))",
      'sha256 === "" ? provenBy(sha256, source.chunks(), () => altered(undefined, disc)) : source.chunks()',
    ],
  ),
  mutant(
    "says nothing of a disc that is missing",
    [discs, "a package on several discs with a disc missing says which, before anything is read for long"],
    ["src/opening/verified-discs.ts", "if (parts.length === labelled.length) return", "if (parts.length > 0) return"],
  ),
  mutant(
    "salvages what is not the manifest's",
    [salvage, "salvaging gives nothing that has not the SHA-256 of the manifest, however it authenticates"],
    [
      "src/opening/salvage-package.ts",
      "const proven = provenBy(manifest.media.hashes[index], content, contentDiffers);",
      "const proven = content;\n    void [provenBy, contentDiffers];",
    ],
  ),
  mutant(
    "keeps of two chunks the one that does not authenticate",
    [
      mended,
      "two copies of a package of which each is damaged elsewhere make one, and it is told what came from the second",
    ],
    [
      "src/age/copies-survey.ts",
      "if (chunk === undefined) continue;",
      "if (chunk === undefined) copies[index - first] = copy;\n        if (chunk === undefined) continue;",
    ],
  ),
];
