/** What `npm run build` makes of src and the libraries: the program that is started, and shipped. */
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bundleProgram } from "../../build/bundle.js";
import { sealsAndOpens } from "../binary/journey.js";
import { scratchFolder } from "../cli/run.js";

const project = new URL("../../", import.meta.url).pathname;
const program = path.join(project, "program");
const description = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")) as { dependencies: object };
const libraries = Object.keys(description.dependencies);

const codeOf = (file: string): string => readFileSync(path.join(program, file), "utf8");
/** The modules in one of the program's files; esbuild says of each where it was. */
const modulesIn = (code: string): string[] => [...code.matchAll(/^ *\/\/ (\S+\.m?js)$/gm)].map(([, name = ""]) => name);
/** Of each library there, its name. */
const librariesIn = (code: string): ReadonlySet<string> =>
  new Set(modulesIn(code).flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []));
const importsOf = (code: string): string[] =>
  [...code.matchAll(/^(?:(?:import|export)\s[^;"]*?\sfrom|import)\s+"([^"]+)"/gm)].map(([, name = ""]) => name);

/** That file with all that is read before it runs. */
function readWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const name of importsOf(codeOf(file))) {
    if (name.startsWith(".")) readWith(path.join(path.dirname(file), name), found);
  }
  return found;
}

/** The libraries that a command waits for before it runs: `file` begins with its name. */
function librariesOf(command: string): string[] {
  const files = readdirSync(path.join(program, "shared")).filter((name) => name.startsWith(`${command}-`));
  expect(files).toHaveLength(1);
  const code = [...readWith(`shared/${files.join()}`)].map(codeOf).join("\n");
  return libraries.filter((name) => librariesIn(code).has(name));
}

function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile() && name !== "LICENCES.txt");
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

test("with node it is all that sealing and opening need, in threads too", { timeout: 120_000 }, async () => {
  const scratch = scratchFolder();
  const installed = path.join(scratch, "installed");
  for (const name of ["bin", "program", "package.json"])
    cpSync(project + name, path.join(installed, name), { recursive: true });
  expect(await sealsAndOpens(path.join(installed, "bin", "evseal.cjs"), scratch)).toBe(true);
});

test("it is the same, byte by byte, wherever it is built", () => {
  const elsewhere = path.join(scratchFolder(), "in", "another place");
  mkdirSync(elsewhere, { recursive: true });
  for (const name of ["dist", "package.json"]) cpSync(project + name, path.join(elsewhere, name), { recursive: true });
  symlinkSync(`${project}node_modules`, path.join(elsewhere, "node_modules"));
  bundleProgram(elsewhere);
  expect(filesBelow(path.join(elsewhere, "program"))).toEqual(filesBelow(program));
});

test("it has the licence of every library that is in it", () => {
  const text = codeOf("LICENCES.txt");
  for (const name of [...libraries, "libsodium", "@noble/hashes"]) expect(text).toContain(`\n==== ${name} `);
});

describe("what is not needed is not read", () => {
  test("to show the help", () => {
    const code = [...readWith("cli/main.js")].map(codeOf).join("\n");
    expect([...librariesIn(code)].sort()).toEqual(["chalk", "commander"]);
  });

  test.each(["pack", "verify", "list"])("by %s", (command) => {
    expect(librariesOf(command)).toEqual(["@scure/bip39", "libsodium-wrappers", "zod"]);
  });

  test("by open, which knows patterns, and by check, which knows formats", () => {
    expect(librariesOf("open")).toEqual(["@scure/bip39", "libsodium-wrappers", "picomatch", "zod"]);
    expect(librariesOf("check")).toEqual(["@scure/bip39", "file-type", "libsodium-wrappers", "zod"]);
  });

  test("by a thread: it has one file, of stages, and no library", () => {
    const code = codeOf("worker/entry.js");
    const stages = ["media/media-reading", "age/block-stages", "output/container-writing"];
    const readers = ["opening/container-reading", "opening/media-checking"];
    expect(modulesIn(code)).toEqual(expect.arrayContaining([...stages, ...readers].map((name) => `dist/${name}.js`)));
    expect(importsOf(code).filter((name) => !name.startsWith("node:"))).toEqual([]);
    expect([...librariesIn(code)]).toEqual([]);
    expect(modulesIn(code).length).toBeLessThan(50);
  });

  test("of zod in languages that evseal does not speak", () => {
    const all = Object.values(filesBelow(program)).flatMap(modulesIn);
    expect(all.filter((name) => name.startsWith("node_modules/zod/v4/locales/"))).toEqual([
      "node_modules/zod/v4/locales/en.js",
    ]);
  });
});
