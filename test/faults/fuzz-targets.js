/** Every parser of what comes from outside: valid documents, the codes it may refuse with, and how it encodes again. */
import { Buffer } from "node:buffer";
import { encodeBase64 as ageBase64, decodeBase64 as fromAgeBase64 } from "../../dist/age/base64.js";
import { decodeBech32, encodeBech32 } from "../../dist/age/bech32.js";
import { encodeHeader, readHeader } from "../../dist/age/header.js";
import { generateIdentity } from "../../dist/age/identity.js";
import { encodeIdentityFile, readIdentityFile } from "../../dist/age/identity-file.js";
import { SourceReader } from "../../dist/age/source-reader.js";
import { encodeStanza } from "../../dist/age/stanza.js";
import { collect } from "../../dist/bytes.js";
import { SecretBytes } from "../../dist/crypto/secret-bytes.js";
import { EvsealError } from "../../dist/errors.js";
import { encodeCard, parseCard } from "../../dist/keys/card.js";
import { frameTar } from "../../dist/media/tar-framing.js";
import { decodeBase64, encodeBase64 } from "../../dist/minisign/base64.js";
import { MinisignPublicKey } from "../../dist/minisign/public-key.js";
import { encodeSignatureFile, parseSignatureFile } from "../../dist/minisign/signature-file.js";
import { sign } from "../../dist/minisign/sign.js";
import { encodeSigningKeyFile, generateSigningKey, readSigningKeyFile } from "../../dist/minisign/signing-key.js";
import { checkManifest } from "../../dist/package/checked-manifest.js";
import { decodeLabel, encodeLabel } from "../../dist/package/label.js";
import { decodeManifest, encodeManifest } from "../../dist/package/manifest.js";
import { decodeManifestArchive, encodeManifestArchive } from "../../dist/package/manifest-archive.js";
import { layOutMedia } from "../../dist/package/media-archive.js";
import { readMediaArchive } from "../../dist/package/media-archive-reader.js";
import { howToName, namesFor } from "../../dist/package/names.js";
import { PortablePath } from "../../dist/package/portable-path.js";
import { isSealNumber } from "../../dist/package/seal-number.js";

const seal = "EV-F0RG-ED00-0001";
const sealedAt = "2026-11-23T22:10:05Z";
const seconds = Date.parse(sealedAt) / 1000;
const hash = "0123456789abcdef".repeat(4);
const text = (string) => Buffer.from(string);
const buffers = (...parts) => parts.map((part) => Buffer.from(part));
async function* once(bytes) {
  yield await Promise.resolve(bytes);
}

const identities = [generateIdentity("X25519"), generateIdentity("mlkem768x25519")];
const signingKey = generateSigningKey();
const party = { unit: "GMP", fingerprint: hash };
const names = namesFor(seal);
const file = (name) => ({ sha256: hash, name, size: 4096 });
const label = encodeLabel({
  format: "evseal/label/v1",
  seal,
  sealedAt,
  sender: party,
  recipients: [party, { unit: "Heddlu Dé", fingerprint: hash }],
  files: [file(names.container), file(names.manifest), file(howToName)],
});

const modified = "2026-11-20T10:00:00.000000001Z";
const media = ["INT/a.mp4", `${"d/".repeat(20)}é.wav`, `${"n".repeat(120)}`].map((path, index) => {
  return { path: PortablePath.parse(path), sizeBytes: 700 * index, modified };
});
const layout = layOutMedia(seal, media);
const mediaArchive = await collect(
  frameTar(layout, (index) => once(Buffer.alloc(700 * index, 1))),
  1 << 24,
  () => new Error("too long"),
);
const manifest = encodeManifest({
  format: "evseal/manifest/v1",
  seal,
  sealedAt,
  sender: { ...party, signingKey: signingKey.publicKey.encoded },
  recipients: [{ ...party, recipient: identities[0].recipient.encoded, role: "recipient" }],
  container: file(names.container),
  record: { case: "R v X", exhibits: ["A/1", "B/2"], officer: "1234", reason: "disclosure" },
  readBack: true,
  tool: { name: "evseal", version: "0.1.0" },
  totals: { files: 3, bytes: 2100, padding: layout.padding.sizeBytes },
  files: media.map(({ path, sizeBytes }, index) => {
    return { sha256: hash, path: path.text, size: sizeBytes, modified, offset: layout.entries[index].offset };
  }),
});
const cards = identities.map(({ recipient }) => {
  const keys = { recipient: recipient.encoded, signingKey: signingKey.publicKey.encoded };
  const dates = { created: sealedAt, expires: "2030-01-01T00:00:00Z" };
  return encodeCard({ format: "evseal/card/v1", unit: "GMP", ...keys, ...dates }).bytes;
});
const { signature } = sign(label, signingKey, `evseal/label/v1 seal=${seal}`);
const headers = identities.map(({ recipient }) => {
  const fileKey = SecretBytes.take(Buffer.alloc(16, 7));
  return encodeHeader([recipient.wrap(fileKey), recipient.wrap(fileKey)], fileKey).bytes;
});
const identityFiles = await Promise.all(
  identities.map(async (identity) => (await encodeIdentityFile(identity, { created: new Date() })).expose().slice()),
);
const signingKeyFile = (await encodeSigningKeyFile(signingKey)).expose().slice();

/** Stands for the person who is asked: whatever costs seconds by design is not fuzzed. */
const noPassphrase = () => Promise.reject(new EvsealError("PASSPHRASE_MISSING", "nobody to ask", { hint: "none" }));
const fileKeyOf = async (read, bytes) => {
  const content = SecretBytes.take(Buffer.from(bytes));
  const keys = [await read(content, noPassphrase)].flat();
  for (const key of keys) key.wipe();
  return bytes;
};

/**
 * `parse` gives the document encoded again, or undefined where it refuses without an error. Of key files one has several
 * spellings by design (comments are free): for them it gives what it was given.
 */
export const targets = {
  label: { seeds: buffers(label), codes: ["LABEL_MALFORMED"], parse: (b) => encodeLabel(decodeLabel(b)) },
  manifest: {
    seeds: buffers(manifest),
    codes: ["MANIFEST_MALFORMED", "NAME_UNSAFE", "NAMES_COLLIDE"],
    parse(bytes) {
      const decoded = decodeManifest(bytes);
      checkManifest(decoded);
      return encodeManifest(decoded);
    },
  },
  "minisign signature": {
    seeds: buffers(signature),
    codes: ["SIGNATURE_MALFORMED"],
    parse: (bytes) => encodeSignatureFile(parseSignatureFile(bytes)),
  },
  "minisign public key": {
    seeds: buffers(signingKey.publicKey.encoded),
    codes: ["CARD_UNUSABLE"],
    parse: (bytes) => text(MinisignPublicKey.parse(bytes.toString("latin1")).encoded),
  },
  "minisign public key file": {
    seeds: buffers(signingKey.publicKey.encodeFile()),
    codes: ["CARD_UNUSABLE"],
    parse(bytes) {
      MinisignPublicKey.parseFile(bytes);
      return bytes;
    },
  },
  "minisign secret key file": {
    seeds: buffers(signingKeyFile),
    codes: ["KEY_UNUSABLE", "PASSPHRASE_MISSING"],
    parse: (bytes) => fileKeyOf(readSigningKeyFile, bytes),
  },
  "identity file": {
    seeds: buffers(...identityFiles),
    codes: ["KEY_UNUSABLE", "PASSPHRASE_MISSING"],
    parse: (bytes) => fileKeyOf(readIdentityFile, bytes),
  },
  "age header": {
    seeds: buffers(...headers),
    codes: ["HEADER_MALFORMED"],
    async parse(bytes) {
      const header = await readHeader(new SourceReader(once(bytes)));
      const lines = Buffer.from(header.bytes).toString("latin1").split("\n");
      const again = `${lines[0]}\n${header.stanzas.map(encodeStanza).join("")}${lines.at(-2)}\n`;
      return Buffer.concat([Buffer.from(again, "latin1"), bytes.subarray(header.bytes.length)]);
    },
  },
  "manifest archive": {
    seeds: buffers(encodeManifestArchive(seal, { manifest, signature }, seconds)),
    codes: ["MANIFEST_MALFORMED"],
    parse: (bytes) => encodeManifestArchive(seal, decodeManifestArchive(seal, bytes, seconds), seconds),
  },
  "media archive": {
    seeds: buffers(mediaArchive),
    codes: ["CONTENT_DIFFERS"],
    async parse(bytes) {
      const contents = [];
      await readMediaArchive(once(bytes), layout, async (index, content) => {
        contents[index] = await collect(content, 1 << 24, () => new Error("too long"));
      });
      return await collect(
        frameTar(layout, (index) => once(contents[index])),
        1 << 24,
        () => new Error("too long"),
      );
    },
  },
  card: { seeds: buffers(...cards), codes: ["CARD_UNUSABLE"], parse: (bytes) => encodeCard(parseCard(bytes)).bytes },
  "base64 of age": {
    seeds: buffers("AAECAwQFBgc", "//+/", "TWFu", ""),
    codes: [],
    parse(bytes) {
      const decoded = fromAgeBase64(bytes.toString("latin1"));
      return decoded && Buffer.from(ageBase64(decoded), "latin1");
    },
  },
  "base64 of minisign": {
    seeds: buffers("AAECAwQFBgc=", "//+/", "TQ==", ""),
    codes: [],
    parse(bytes) {
      const decoded = decodeBase64(bytes);
      return decoded && encodeBase64(decoded);
    },
  },
  bech32: {
    seeds: buffers(identities[0].recipient.encoded, identities[0].recipient.encoded),
    codes: [],
    parse(bytes) {
      const decoded = decodeBech32("age", bytes);
      return decoded && encodeBech32("age", decoded);
    },
  },
  "seal number": {
    seeds: buffers(seal, "EV-7K3Q-9M2X-TB4H"),
    codes: [],
    // Nothing but those seventeen characters may stand there.
    parse: (bytes) => (isSealNumber(bytes.toString()) ? bytes.subarray(0, "EV-XXXX-XXXX-XXXX".length) : undefined),
  },
  "portable path": {
    seeds: buffers("INT/a.mp4", "é/ß/語.wav", "a".repeat(255), "d/".repeat(31) + "x"),
    codes: ["NAME_UNSAFE"],
    // What is not UTF-8 is no text, and comes to the parser with U+FFFD in its place.
    parse: (bytes) => (PortablePath.parse(bytes.toString()).text === bytes.toString() ? bytes : text("another path")),
  },
  // Parsers that are wrong, so that a test can see them caught.
  "planted: a fault of the language": { seeds: buffers("x"), codes: [], parse: () => undefined.length },
  "planted: another code": {
    seeds: buffers("x"),
    codes: ["CARD_UNUSABLE"],
    parse: () => decodeLabel(Buffer.from("x")),
  },
  "planted: two spellings": { seeds: buffers("x "), codes: [], parse: (bytes) => text(bytes.toString().trim()) },
  "planted: a crash": { seeds: buffers("x"), codes: [], parse: () => process.exit(3) },
};
