import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { expect, test } from "vitest";
import { rooms as allRooms } from "./rooms.js";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** The project's own rules, without those that need types: a planted file belongs to no TypeScript program. */
const eslint = new ESLint({
  cwd: project,
  overrideConfigFile: `${project}test/tooling/eslint.config.js`,
  overrideConfig: [tseslint.configs.disableTypeChecked, { languageOptions: { parserOptions: { project: false } } }],
});

/** Which rules of shape speak of `text` if it stood in `file`; what else a linter may say of such a stub is left out. */
async function rulesAgainst(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: project + file });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.map(({ ruleId }) => ruleId ?? "").filter((rule) => /^no-(restricted|.*eval)/.test(rule));
}

const writing = [
  'import { writeFile } from "node:fs/promises"; await writeFile("a", "b");',
  'import { createWriteStream } from "node:fs"; createWriteStream("a");',
  'import { mkdir as make } from "fs/promises"; await make("a");',
  'import { rename, rm, unlink } from "node:fs/promises"; await Promise.all([rename("a", "b"), rm("a"), unlink("a")]);',
  'import fs from "node:fs"; fs.read();',
  'import * as fs from "node:fs"; fs.read();',
  'import { promises } from "node:fs"; promises.read();',
  'export { writeFile } from "node:fs";',
  'import { open } from "node:fs/promises"; await open("a", "w");',
  'import { open } from "node:fs/promises"; await open("a", "r+");',
  'import { openSync } from "node:fs"; openSync("a", "ax");',
  'import { constants, open } from "node:fs/promises"; await open("a", constants.O_CREAT | constants.O_RDONLY);',
  'import { open } from "node:fs/promises"; const file = await open("a"); await file.writeFile("b");',
];

const rooms = allRooms.filter((room) => room !== "output");

test.each(writing)("only output writes files: %s", async (text) => {
  for (const room of rooms) expect(await rulesAgainst(`src/${room}/planted.ts`, text), room).not.toEqual([]);
  expect(await rulesAgainst("src/planted.ts", text)).not.toEqual([]);
});

test("output may write, with names and with flags", async () => {
  const text = [...writing.slice(0, 4), ...writing.slice(8)].join("\n").replaceAll(/import \{ open \}.*?;/g, "");

  expect(await rulesAgainst("src/output/planted.ts", text)).toEqual([]);
});

test("every room may read, by name", async () => {
  const text = 'import { constants } from "node:fs"; import { lstat, open, type FileHandle } from "node:fs/promises";';
  const use =
    'export async function read(): Promise<FileHandle> { await lstat("a"); return open("a", constants.O_RDONLY); }';

  for (const room of rooms) expect(await rulesAgainst(`src/${room}/planted.ts`, `${text}\n${use}\n`), room).toEqual([]);
});

test.each(["console.log(1);", "process.exit(1);", 'export const home = process.env["HOME"];'])(
  "nothing below cli speaks or looks around: %s",
  async (text) => {
    for (const room of allRooms.filter((name) => name !== "cli")) {
      expect(await rulesAgainst(`src/${room}/planted.ts`, text), room).not.toEqual([]);
    }
    expect(await rulesAgainst("src/cli/planted.ts", text)).toEqual([]);
  },
);

test.each([
  ["the temporary folder", 'import { tmpdir } from "node:os"; tmpdir();'],
  ["the machine's name", 'import { hostname } from "node:os"; hostname();'],
  ["all of node:os", 'import os from "node:os"; os.tmpdir();'],
  ["a connection", 'await fetch("https://example.org");'],
  ["code made of text", 'eval("1");'],
  ["a global fetched by another way", 'globalThis["fetch"]("https://example.org");'],
  ["a default export", "export default 1;"],
  ["a barrel", 'export * from "./errors.js";'],
  ["all of zod as one thing", 'import { z } from "zod"; z.string();'],
  ["an import whose name is computed", "export const load = (name: string) => import(name);"],
  ["an import that hides what it takes", 'export const load = () => import("node:fs");'],
  ["a module behind the rules' back", 'process.getBuiltinModule("fs");'],
])("no file of src holds %s", async (_, text) => {
  for (const room of allRooms) {
    expect(await rulesAgainst(`src/${room}/planted.ts`, text), room).not.toEqual([]);
  }
});

test.each([
  ["Plaintext.of(chunks);", ["age", "media"]],
  ["RecoveredFile.authenticated(path, modified, content);", ["opening"]],
  ["PublicDocument.of(card, schema);", ["keys", "package"]],
  ['PublicDocument.fixedText("the case is about …");', ["package"]],
  ["PublicDocument.ofReport(report);", ["doctor"]],
  ["RecoveredWriter.authenticated();", ["opening"]],
  ["SealedCopy.labelled(name, content);", ["opening"]],
  ["ring.clearBytes(0);", ["age", "media", "opening"]],
  ["export const key = () => ring.key;", ["age"]],
  ["new KeyFile(content);", ["age", "minisign"]],
])("a permission is made only where its proof is: %s", async (text, makers) => {
  const silent: string[] = [];
  for (const room of allRooms) if ((await rulesAgainst(`src/${room}/planted.ts`, text)).length === 0) silent.push(room);

  expect(silent.sort()).toEqual(makers);
});
