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
import { Markup, markup } from "../../src/package/markup.js";
import { PublicDocument } from "../../src/package/public-document.js";
import { EvsealError } from "../../src/errors.js";
import { UnsafeName } from "../../src/unsafe-name.js";
import type { Finding } from "../../src/checking/finding.js";
import type { Ui } from "../../src/cli/ui.js";
import { open } from "node:fs/promises";
declare const bytes: Uint8Array;
declare const text: string;
declare const plaintext: Plaintext;
declare const secret: SecretBytes;
declare const date: Date;
declare const chunks: AsyncIterable<Uint8Array>;
declare const folder: PackageFolder;
declare const recovered: RecoveredFolder;
declare const name: UnsafeName;
declare const finding: Finding;
declare const error: EvsealError;
declare const ui: Ui;
export { Plaintext, SealedStream, SecretBytes, SignedDocument, VerifiedDocument, KeyFile, RecoveredFile, PortablePath };
export { Markup, markup, PublicDocument, UnsafeName, EvsealError, open };
export { createPublicFile, writeKeyFile, writePublicFile, writePublicKeyFile };
`;

const privateConstructor = 2673;
const cannotExtend = 2675;
const argument = 2345;
const noSuchMember = 2339;
const privateName = 18013;
const mistakenCast = 2352;
const assignment = 2322;

interface Attempt {
  readonly why: string;
  readonly line: string;
  readonly code: number;
}

const classes = [
  ...["Plaintext", "SealedStream", "SecretBytes", "SignedDocument", "VerifiedDocument"],
  ...["RecoveredFile", "PortablePath", "PublicDocument", "Markup", "UnsafeName"],
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

/** Who has a name that somebody else chose, and takes it for a text of ours or for a path. */
const strangers = ["name", "finding.path", "error.subject!"];
const uses = [
  (value: string) => `ui.note(${value});`,
  (value: string) => `ui.warn(${value});`,
  (value: string) => `ui.next(${value});`,
  (value: string) => `ui.ask(${value});`,
  (value: string) => `ui.page(${value});`,
  (value: string) => `new EvsealError("INTERNAL", ${value}, { hint: "" });`,
  (value: string) => `await open(${value});`,
  (value: string) => `PortablePath.parse(${value});`,
  (value: string) => `await createPublicFile(${value}, PublicDocument.fixedText(""));`,
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
  ...uses.flatMap((use) =>
    strangers.map((value) => ({ why: "let a stranger's name speak", line: use(value), code: argument })),
  ),
  { why: "let a stranger's name be a text", line: "export const shown: string = name;", code: assignment },
  { why: "let a stranger's name be a text", line: "name as string;", code: mistakenCast },
  { why: "get at a stranger's name", line: "name.#text;", code: privateName },
  { why: "get at a stranger's name", line: "name.text;", code: noSuchMember },
  {
    why: "make a finding of a bare text",
    line: "export const made: Finding = { ...finding, path: text };",
    code: assignment,
  },
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
  { why: "report what is no template of ours", line: "PublicDocument.ofReport(text);", code: argument },
  { why: "report what only looks like markup", line: "PublicDocument.ofReport({ text });", code: argument },
  { why: "report a secret", line: "markup`${secret}`;", code: argument },
  { why: "take plaintext out again", line: "plaintext.chunks;", code: noSuchMember },
  { why: "reach into plaintext", line: "plaintext.#chunks;", code: privateName },
  { why: "reach into a secret", line: "secret.#bytes;", code: privateName },
  { why: "read bytes of a secret without exposing it", line: "secret.bytes;", code: noSuchMember },
];
