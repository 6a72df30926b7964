/**
 * Lines that must not compile, each with the one error that TypeScript must have for it. A line that compiles is a hole
 * in a fence; a line with another error proves nothing.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { attempts, preamble } from "./attempts.js";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** The codes of TypeScript's errors in each of the files, which exist in memory only. */
function errorsIn(files: ReadonlyMap<string, string>): Map<string, number[]> {
  const config = ts.readConfigFile(`${project}tsconfig.json`, (name) => readFileSync(name, "utf8"));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, project);
  const options = { ...parsed.options, rootDir: project, noEmit: true, noUnusedLocals: false };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name) ?? disk.readFile(name),
    getSourceFile: (name, target, ...rest) => {
      const text = files.get(name);
      return text === undefined ? disk.getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return new Map(
    [...files.keys()].map((name) => {
      const source = program.getSourceFile(name);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [name, found.map(({ code }) => code)];
    }),
  );
}

const fileOf = (index: number): string => path.join(project, `test/types/attempt-${index}.ts`);
const sound = fileOf(-1);
const found = errorsIn(
  new Map([[sound, preamble], ...attempts.map(({ line }, index) => [fileOf(index), `${preamble}${line}\n`] as const)]),
);

test("what stands before each line compiles by itself", () => {
  expect(found.get(sound)).toEqual([]);
});

describe("no file can", () => {
  test.each(attempts.map((attempt, index) => ({ ...attempt, index })))("$why: $line", ({ code, index }) => {
    expect(found.get(fileOf(index))).toEqual([code]);
  });
});

test("a line that compiles, or fails for another reason, would be noticed", () => {
  const [fine, other] = [fileOf(1001), fileOf(1002)];
  const judged = errorsIn(
    new Map([
      [fine, `${preamble}bytes.fill(0);\n`],
      [other, `${preamble}nothing;\n`],
    ]),
  );

  expect([judged.get(fine), judged.get(other)]).toEqual([[], [2304]]);
});
