/** Every parser of evseal that reads what an opponent may have written, as it is built. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { decodeBase64 as decodeAgeBase64, encodeBase64 as encodeAgeBase64 } from "../../dist/age/base64.js";
import { decodeBech32, encodeBech32 } from "../../dist/age/bech32.js";
import { parseHeader, readHeader } from "../../dist/age/header.js";
import { readIdentityFile } from "../../dist/age/identity-file.js";
import { generateIdentity } from "../../dist/age/identity.js";
import { Plaintext, seal } from "../../dist/age/seal.js";
import { SourceReader } from "../../dist/age/source-reader.js";
import { encodeStanza } from "../../dist/age/stanza.js";
import { SecretBytes } from "../../dist/crypto/secret-bytes.js";
import { EvsealError } from "../../dist/errors.js";
import { encodeCard, parseCard } from "../../dist/keys/card.js";
import { decodeBase64, encodeBase64 } from "../../dist/minisign/base64.js";
import { MinisignPublicKey } from "../../dist/minisign/public-key.js";
import { encodeSignatureFile, parseSignatureFile } from "../../dist/minisign/signature-file.js";
import { sign } from "../../dist/minisign/sign.js";
import { encodeSigningKeyFile, generateSigningKey, readSigningKeyFile } from "../../dist/minisign/signing-key.js";
import { checkManifest, totalsOf } from "../../dist/package/checked-manifest.js";
import { decodeLabel, encodeLabel } from "../../dist/package/label.js";
import { decodeManifestArchive, encodeManifestArchive } from "../../dist/package/manifest-archive.js";
import { decodeManifest, encodeManifest } from "../../dist/package/manifest.js";
import { MediaArchiveReader } from "../../dist/package/media-archive-reader.js";
import { entriesOf, layOutMedia } from "../../dist/package/media-archive.js";
import { PortablePath } from "../../dist/package/portable-path.js";
import { privateKeyIn } from "../../dist/package/private-key.js";
import { isSealNumber } from "../../dist/package/seal-number.js";
import { encodeTarHeader, paddingToBlock } from "../../dist/package/tar-header.js";

const sealNumber = "EV-7K3Q-9M2X-TB4H";
const sealedAt = "2026-11-23T22:10:05Z";
const hash = (digit) => digit.repeat(64);
const signingKey = generateSigningKey();
const identities = ["X25519", "mlkem768x25519"].map((kind) => generateIdentity(kind));

const party = (unit) => ({ unit, fingerprint: hash("a") });
const container = { sha256: hash("1"), name: `${sealNumber}.evseal`, size: 1000 };
const label = (recipients) =>
  encodeLabel({
    ...{ format: "evseal/label/v1", seal: sealNumber, sealedAt, sender: party("GMP Unit"), recipients },
    files: [
      container,
      { sha256: hash("2"), name: `${sealNumber}.manifest.evseal`, size: 2000 },
      { sha256: hash("3"), name: "HOW-TO-OPEN.txt", size: 3000 },
    ],
  });

const files = [
  ["INT/a.mp4", 1000, "2026-11-20T10:00:00.123456789Z"],
  ["INT/b.txt", 0, "2026-11-20T10:00:00.000000000Z"],
  ["Zeugin Müller.wav", 513, "1969-12-31T23:59:59.500000000Z"],
].map(([path, sizeBytes, modified]) => ({ path: PortablePath.parse(path), sizeBytes, modified }));
const layout = layOutMedia(sealNumber, files);
const entries = [...entriesOf(layout)];
const manifest = (record) =>
  encodeManifest({
    ...{ format: "evseal/manifest/v1", seal: sealNumber, sealedAt },
    sender: { ...party("GMP Unit"), signingKey: signingKey.publicKey.encoded },
    recipients: [{ ...party("SCAS"), recipient: identities[0].recipient.encoded, role: "recipient" }],
    ...{
      container,
      record,
      readBack: true,
      tool: { name: "evseal", version: "0.1.0" },
      totals: totalsOf(layout),
    },
    files: files.map(({ path, sizeBytes, modified }, index) => ({
      ...{ sha256: hash(String(index)), path: path.text, size: sizeBytes, modified },
      offset: layout.offsets[index],
    })),
  });

const cards = identities.map(
  ({ recipient }) =>
    encodeCard({
      ...{ format: "evseal/card/v1", unit: "SCAS", recipient: recipient.encoded },
      ...{ signingKey: signingKey.publicKey.encoded, created: sealedAt, expires: "2028-11-23T22:10:05Z" },
    }).bytes,
);
const signatures = ["label", "manifest"].map(
  (kind) => sign(Buffer.from(kind), signingKey, `evseal/${kind}/v1 seal=${sealNumber}`).signature,
);

/** The beginnings of real age files: header and nonce. */
const sealedFiles = await Promise.all(
  identities.map(async ({ recipient }) => {
    const parts = [];
    for await (const part of seal(Plaintext.of(piecesOf(Buffer.from("media"))), [recipient]).chunks()) parts.push(part);
    return Buffer.concat(parts);
  }),
);
const headerOf = (file) => file.subarray(0, file.indexOf("\n", file.indexOf("\n--- ") + 1) + 1);
const manyStanzas = Buffer.from(
  `age-encryption.org/v1\n${"-> X25519 SVrzdFfkPxf0LPHOUGB1gNb9E5Vr8EUDa9kxk04iQ0o\n0OrTkKHpE7klNLd0k+9Uam5hkQkzMxaqKcIPRIO1sNE\n".repeat(20)}--- gxhoSa5BciRDt8lOpYNcx4EYtKpS0CJ06F3ZwN82VaM\n`,
);

const identityFiles = await Promise.all(
  identities.map(async (identity) => {
    const encoded = identity.encode();
    return Buffer.concat([Buffer.from("# created: 2026\r\n\n"), encoded.expose(), Buffer.from("\n")]);
  }),
);
const signingKeyFile = Buffer.from((await encodeSigningKeyFile(signingKey)).expose());
const publicKeyFile = signingKey.publicKey.encodeFile();

const contents = files.map(({ sizeBytes }, index) => Buffer.alloc(sizeBytes, 65 + index));
const contentHashes = contents.map((content) => createHash("sha256").update(content).digest("hex"));
const mediaArchive = Buffer.concat([
  ...entries.flatMap(({ entry }, index) => [
    encodeTarHeader(entry),
    contents[index],
    Buffer.alloc(paddingToBlock(entry.sizeBytes)),
  ]),
  encodeTarHeader(layout.padding),
  Buffer.alloc(layout.padding.sizeBytes + 1024),
]);
const sealedAtSeconds = Date.parse(sealedAt) / 1000;
const manifestArchive = Buffer.concat(
  encodeManifestArchive(sealNumber, { manifest: manifest({}), signature: signatures[1] }, sealedAtSeconds),
);

const buffersOf = (...samples) => samples.map((sample) => Buffer.from(sample));
const text = (bytes) => bytes.toString("utf8");
const noPassphrase = () => Promise.reject(new EvsealError("PASSPHRASE_MISSING", "none here", { hint: "none" }));
const once = (bytes) => Buffer.from(bytes); // what a parser gives may be a view of what it was given

/** `share` is how many of a hundred runs of the cheap parsers are this one's; the age header has a count of its own. */
export const targets = {
  label: {
    share: 6,
    codes: ["LABEL_MALFORMED"],
    samples: buffersOf(label([party("SCAS")]), label([party("SCAS"), party("Ärzte"), party("CPS")])),
    parse: (input) => once(encodeLabel(decodeLabel(input))),
  },
  manifest: {
    share: 6,
    codes: ["MANIFEST_MALFORMED", "NAME_UNSAFE", "NAMES_COLLIDE"],
    samples: buffersOf(manifest({}), manifest({ case: "2026/114", exhibits: ["AB/1"], officer: "DC Ökoro" })),
    parse: (input) => {
      const decoded = decodeManifest(input);
      const again = once(encodeManifest(decoded));
      checkManifest(decoded);
      return again;
    },
  },
  card: {
    share: 4,
    codes: ["CARD_UNUSABLE"],
    samples: buffersOf(...cards),
    parse: (input) => once(encodeCard(parseCard(input)).bytes),
  },
  "minisign signature": {
    share: 12,
    codes: ["SIGNATURE_MALFORMED"],
    samples: buffersOf(...signatures),
    parse: (input) => once(encodeSignatureFile(parseSignatureFile(input))),
  },
  "minisign public key": {
    share: 10,
    codes: ["CARD_UNUSABLE"],
    samples: buffersOf(publicKeyFile, signingKey.publicKey.encoded),
    // The comment is nobody's; the key's own line must come out as it went in.
    parse: (input) => (input.includes(MinisignPublicKey.parseFile(input).encoded) ? input : Buffer.alloc(0)),
  },
  "minisign secret key": {
    share: 3,
    codes: ["KEY_UNUSABLE", "PASSPHRASE_MISSING"],
    samples: [signingKeyFile],
    parse: async (input) => {
      const key = await readSigningKeyFile(SecretBytes.take(Buffer.from(input)), noPassphrase);
      const again = (await encodeSigningKeyFile(key)).expose();
      return meantBy(input).equals(meantBy(Buffer.from(again))) ? input : Buffer.alloc(0);
    },
  },
  "age identity file": {
    share: 2,
    codes: ["KEY_UNUSABLE", "PASSPHRASE_MISSING"],
    samples: identityFiles,
    parse: async (input) => {
      const found = await readIdentityFile(SecretBytes.take(Buffer.from(input)), noPassphrase);
      const lines = found.map((identity) => Buffer.from(identity.encode().expose()).toString("latin1"));
      const given = input.toString("latin1").toUpperCase();
      return lines.every((line) => given.includes(line)) ? input : Buffer.alloc(0);
    },
  },
  "age header, parsed": {
    share: 10,
    codes: ["HEADER_MALFORMED"],
    samples: [...sealedFiles.map(headerOf), manyStanzas],
    parse: (input) => encodedHeader(parseHeader(input), input),
  },
  "base64 of age": {
    share: 9,
    codes: [],
    samples: buffersOf("", "QQ", "QUI", "QUJD", encodeAgeBase64(Buffer.alloc(64, 7))),
    parse: (input) => {
      const decoded = decodeAgeBase64(input.toString("latin1"));
      return decoded && Buffer.from(encodeAgeBase64(decoded), "latin1");
    },
  },
  "base64 of minisign": {
    share: 9,
    codes: [],
    samples: buffersOf("", "QQ==", "QUI=", "QUJD", encodeBase64(Buffer.alloc(42, 7))),
    parse: (input) => {
      const decoded = decodeBase64(input);
      return decoded && once(encodeBase64(decoded));
    },
  },
  bech32: {
    share: 6,
    codes: [],
    samples: buffersOf(encodeBech32("age", Buffer.alloc(32, 9)), encodeBech32("AGE", Buffer.alloc(20, 1)), "age1"),
    parse: (input) => {
      const hrp = input.subarray(0, 3).toString("latin1") === "AGE" ? "AGE" : "age";
      const decoded = decodeBech32(hrp, Buffer.from(input));
      return decoded && once(encodeBech32(hrp, decoded));
    },
  },
  "portable path": {
    share: 9,
    codes: ["NAME_UNSAFE"],
    samples: buffersOf("INT/a.mp4", "VIDEO_TS/VTS_01_1.VOB", "Zeugin Müller – 取調べ.txt", "a/b/c/d/e/f/g"),
    parse: (input) => (PortablePath.parse(text(input)).text === text(input) ? input : Buffer.alloc(0)),
  },
  "seal number": {
    share: 5,
    codes: [],
    samples: buffersOf(sealNumber, "EV-0000-0000-0000"),
    parse: (input) =>
      isSealNumber(input.toString("latin1")) ? (isShapedAsSeal(input) ? input : Buffer.alloc(0)) : undefined,
  },
  "search for private keys": {
    share: 5,
    codes: [],
    samples: [
      signingKeyFile,
      ...identityFiles,
      Buffer.from("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"),
      sealedFiles[0],
    ],
    parse: (input) => (privateKeyIn(input) ? input : undefined),
  },
  "manifest's archive": {
    share: 2,
    codes: ["MANIFEST_MALFORMED"],
    samples: buffersOf(manifestArchive),
    parse: (input) =>
      once(
        Buffer.concat(
          encodeManifestArchive(sealNumber, decodeManifestArchive(sealNumber, input, sealedAtSeconds), sealedAtSeconds),
        ),
      ),
  },
  "media archive": {
    share: 2,
    codes: ["CONTENT_DIFFERS"],
    samples: [mediaArchive],
    parse: async (input) => {
      const found = [];
      let running;
      const reader = new MediaArchiveReader(entries, layout.padding, {
        begin: () => (running = createHash("sha256")),
        piece: (bytes) => running.update(bytes),
        end: () => found.push(running.digest("hex")),
      });
      for await (const piece of piecesOf(input)) reader.take(piece);
      reader.end();
      // A content that differs is for its hash to tell, which is the caller's; all the rest is this parser's.
      return found.join() === contentHashes.join() ? (input.equals(mediaArchive) ? input : Buffer.alloc(0)) : input;
    },
  },
  "age header, read": {
    share: 0,
    codes: ["HEADER_MALFORMED"],
    samples: sealedFiles,
    parse: async (input) => {
      const header = await readHeader(new SourceReader(piecesOf(input)));
      return Buffer.concat([encodedHeader(header, input), input.subarray(header.bytes.length)]);
    },
  },
};

function encodedHeader({ stanzas, bytes }, input) {
  const covered = Buffer.from(`age-encryption.org/v1\n${stanzas.map(encodeStanza).join("")}---`, "latin1");
  return Buffer.concat([covered, Buffer.from(input.subarray(covered.length, bytes.length))]);
}

function isShapedAsSeal(input) {
  return /^EV(-[0-9A-HJKMNP-TV-Z]{4}){3}$/.test(input.toString("latin1")) && input.length === 17;
}

/**
 * What a key file without a passphrase says (minisign(1) "Secret key format"): cost and salt mean nothing in it, nor do
 * its comment and, since `minisign -G -W` leaves it out, a checksum of zeros.
 */
function meantBy(file) {
  const line = file
    .toString("latin1")
    .split(/\r?\n/)
    .findLast((each) => each.length === 212); // a comment above it can be as long
  const record = Buffer.from(line ?? "", "base64");
  return Buffer.concat([record.subarray(0, 6), record.subarray(54, 126)]);
}

async function* piecesOf(bytes) {
  for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
}
