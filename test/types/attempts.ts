/** Stands before each attempt: what an attacker of the fences may have in their hands. */
export const preamble = `
import { Plaintext, SealedStream } from "../../src/age/seal.js";
import { SecretBytes } from "../../src/crypto/secret-bytes.js";
import { SignedDocument } from "../../src/minisign/sign.js";
import { VerifiedDocument } from "../../src/minisign/verify.js";
import { KeyFile } from "../../src/crypto/key-file.js";
import { createPublicFile, writeKeyFile, writePublicFile, writePublicKeyFile } from "../../src/output/home-files.js";
import { PackageFolder } from "../../src/output/package-folder.js";
import { RecoveredFile } from "../../src/output/recovered-file.js";
import { RecoveredFolder } from "../../src/output/recovered-folder.js";
import { PortablePath } from "../../src/package/portable-path.js";
import { PublicDocument } from "../../src/package/public-document.js";
declare const bytes: Uint8Array;
declare const text: string;
declare const plaintext: Plaintext;
declare const secret: SecretBytes;
declare const date: Date;
declare const chunks: AsyncIterable<Uint8Array>;
declare const folder: PackageFolder;
declare const recovered: RecoveredFolder;
export { Plaintext, SealedStream, SecretBytes, SignedDocument, VerifiedDocument, KeyFile, RecoveredFile, PortablePath };
export { PublicDocument, createPublicFile, writeKeyFile, writePublicFile, writePublicKeyFile };
`;

const privateConstructor = 2673;
const cannotExtend = 2675;
const argument = 2345;
const noSuchMember = 2339;
const privateName = 18013;
const mistakenCast = 2352;

interface Attempt {
  readonly why: string;
  readonly line: string;
  readonly code: number;
}

const classes = [
  ...["Plaintext", "SealedStream", "SecretBytes", "SignedDocument", "VerifiedDocument"],
  ...["RecoveredFile", "PortablePath", "PublicDocument"],
];

/** Who has the bytes of evidence in hand, or the text of a name, and wants them in a file. */
const clear = ["bytes", "text", "plaintext", "secret"];
const writers = [
  (value: string) => `await folder.writeSealed("a", ${value});`,
  (value: string) => `await folder.writeSigned("a", ${value});`,
  (value: string) => `await folder.writePublic("a", ${value});`,
  (value: string) => `await recovered.write(${value});`,
  (value: string) => `await createPublicFile("a", ${value});`,
  (value: string) => `await writePublicFile("a", ${value});`,
  (value: string) => `await writePublicKeyFile("a", ${value});`,
  (value: string) => `await writeKeyFile("a", ${value});`,
];

export const attempts: readonly Attempt[] = [
  ...classes.map((name) => ({ why: "make a proof", line: `new ${name}(bytes as never);`, code: privateConstructor })),
  ...classes.map((name) => ({ why: "be a kind of it", line: `class Forged extends ${name} {}`, code: cannotExtend })),
  ...classes.map((name) => ({ why: "cast bytes to it", line: `bytes as ${name};`, code: mistakenCast })),
  ...classes.map((name) => ({ why: "cast a text to it", line: `text as ${name};`, code: mistakenCast })),
  ...[...classes, "KeyFile"].map((name) => ({
    why: "dress up as it",
    line: `({ a: 1 }) as ${name};`,
    code: mistakenCast,
  })),
  ...writers.flatMap((write) =>
    clear.map((value) => ({ why: "write what is in the clear", line: write(value), code: argument })),
  ),
  {
    why: "write what only looks like a sealed stream",
    line: `await folder.writeSealed("a", { chunks: () => chunks, takeFileKey: () => secret, wipe: () => undefined });`,
    code: argument,
  },
  {
    why: "write what only looks like a signed document",
    line: `await folder.writeSigned("a", { document: bytes, signature: bytes });`,
    code: argument,
  },
  { why: "write what only looks public", line: `await folder.writePublic("a", { bytes });`, code: argument },
  {
    why: "write what only looks recovered",
    line: `await recovered.write({ path: PortablePath.parse(text), modified: date, content: () => chunks });`,
    code: argument,
  },
  {
    why: "recover to what only looks like a path",
    line: `RecoveredFile.authenticated({ text, folders: [], name: text, within: (path) => path }, date, chunks);`,
    code: argument,
  },
  {
    why: "recover to a path that the rule has not seen",
    line: `RecoveredFile.authenticated(text, date, chunks);`,
    code: argument,
  },
  { why: "take plaintext out again", line: "plaintext.chunks;", code: noSuchMember },
  { why: "reach into plaintext", line: "plaintext.#chunks;", code: privateName },
  { why: "reach into a secret", line: "secret.#bytes;", code: privateName },
  { why: "read bytes of a secret without exposing it", line: "secret.bytes;", code: noSuchMember },
];
