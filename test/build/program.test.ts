/** What `npm run build` makes of src and the libraries: the program that is started, and shipped. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sealsAndOpens } from "../binary/journey.js";
import { scratchFolder } from "../cli/run.js";
import { copyProject } from "../project-copy.js";

const project = fileURLToPath(new URL("../../", import.meta.url));
const program = path.join(project, "program");

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: true }>>;
}

const description = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")) as { dependencies: object };
const libraries = Object.keys(description.dependencies);

const codeOf = (file: string): string => readFileSync(path.join(program, file), "utf8");
/** The modules in one of the program's files; esbuild says of each where it was. */
const modulesIn = (code: string): string[] => [...code.matchAll(/^ *\/\/ (\S+\.\w+)$/gm)].map(([, name = ""]) => name);
/** Of each library there, its name. */
const librariesIn = (code: string): ReadonlySet<string> =>
  new Set(modulesIn(code).flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []));
const importsOf = (code: string): string[] =>
  [...code.matchAll(/^(?:(?:import|export)\s[^;"]*?\sfrom|import)\s+"([^"]+)"/gm)].map(([, name = ""]) => name);

/** Of that file, and of all that is read before it runs. */
const codeReadWith = (file: string): string => [...readWith(file)].map(codeOf).join("\n");

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
  const held = librariesIn(codeReadWith(`shared/${files.join()}`));
  return libraries.filter((name) => held.has(name));
}

function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile());
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
  copyProject(elsewhere, ["build", "dist", "package.json", "LICENSE"]);
  execFileSync(process.execPath, ["build/program.js"], { cwd: elsewhere });
  expect(filesBelow(path.join(elsewhere, "program"))).toEqual(filesBelow(program));
});

test("one that is there stays when another cannot be built", () => {
  const elsewhere = scratchFolder();
  copyProject(elsewhere, ["build", "dist", "program", "package.json", "LICENSE"]);
  writeFileSync(path.join(elsewhere, "dist/worker/entry.js"), 'import "a-library-that-nobody-has";\n');
  const { status, stderr } = spawnSync(process.execPath, ["build/program.js"], { cwd: elsewhere, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("a-library-that-nobody-has");
  expect(filesBelow(path.join(elsewhere, "program"))).toEqual(filesBelow(program));
});

describe("of the libraries in it", () => {
  const inIt = [...librariesIn(Object.values(filesBelow(program)).join("\n"))];

  test("each has its licence there", () => {
    expect(inIt).toEqual(expect.arrayContaining(libraries));
    const licences = codeOf("LICENCES.txt");
    for (const name of inIt) expect(licences).toContain(`\n==== ${name} `);
  });

  test("none is there for tests or builds only", () => {
    const { packages } = JSON.parse(readFileSync(path.join(project, "package-lock.json"), "utf8")) as Lockfile;
    expect(inIt.filter((name) => packages[`node_modules/${name}`]?.dev !== undefined)).toEqual([]);
  });
});

/** child_process: commander's for commands that are files, inquirer's for an editor; evseal has neither. */
test("of node's own modules it has these, and it loads nothing by a name that is made up as it runs", () => {
  const code = Object.values(filesBelow(program)).join("\n");
  const asked = [
    ...importsOf(code),
    ...[...code.matchAll(/\b__require\d*\("([^"]+)"\)/g)].map(([, name = ""]) => name),
  ];
  const own = new Set(asked.filter((name) => !name.startsWith(".")).map((name) => name.replace(/^node:/, "")));
  expect([...own].sort()).toEqual([
    ...["async_hooks", "buffer", "child_process", "crypto", "events", "fs", "fs/promises", "os", "path", "process"],
    ...["readline", "sea", "stream", "string_decoder", "supports-color", "timers/promises", "tty", "util"],
    "worker_threads",
  ]);
  expect(code).not.toMatch(/\bimport\((?!")/);
  expect(code).not.toMatch(/\brequire\((?!["'])/);
});

describe("what is not needed is not read", () => {
  test("to show the help", () => {
    expect([...librariesIn(codeReadWith("cli/main.js"))].sort()).toEqual(["chalk", "commander"]);
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
