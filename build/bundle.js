// Puts what was built of src, with the libraries that it uses, into few files: a start reads dozens, and not hundreds.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { build, buildSync } from "esbuild";
import { licences } from "./licences.js";

const common = {
  bundle: true,
  platform: "node",
  format: "esm",
  metafile: true,
  legalComments: "none", // the licences are in LICENCES.txt, whole
  tsconfigRaw: "{}", // tsc was here before
};

/** For libraries that are no modules: it finds what is node's own, and nothing else, wherever the program lies. */
const nodesOwn = "const require = process.getBuiltinModule;";

/** Where a program is until it is whole. */
const unfinished = "dist/.program";

/** A library of file-type asks for it in case that somebody has it, and goes without. */
const unavailable = ["supports-color"];

/**
 * Writes the program that `bin/evseal.cjs` starts into `root`/program, of `root`/dist and `root`/node_modules, with the
 * licences of all that is in it. What a command does not need stands in files that it does not read, and a thread has one
 * file: a thread starts for every container, twice. An older program stays until the new one is whole. Throws what esbuild
 * throws; warnings are failures.
 */
export function bundleProgram(root) {
  const [made, program] = [path.join(root, unfinished), path.join(root, "program")];
  rmSync(made, { recursive: true, force: true });
  const main = bundleFrom(root, "dist/cli/main.js", { splitting: true, chunkNames: "shared/[name]-[hash]" });
  const inputs = new Set([...main, ...bundleFrom(root, "dist/worker/entry.js")]);
  writeFileSync(path.join(made, "LICENCES.txt"), licences(root, inputs));
  rmSync(program, { recursive: true, force: true });
  renameSync(made, program);
}

function bundleFrom(root, entry, options) {
  const { warnings, metafile } = buildSync({
    ...common,
    absWorkingDir: root,
    preserveSymlinks: true,
    entryPoints: [entry],
    outbase: "dist",
    outdir: unfinished,
    target: "node20",
    external: unavailable,
    banner: { js: nodesOwn },
    ...options,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const foreign = imports.filter(
    ({ external, path: name }) => external && !isNodes(name) && !unavailable.includes(name),
  );
  const faults = [...warnings.map(({ text }) => text), ...foreign.map(({ path: name }) => `it needs ${name}`)];
  if (faults.length > 0) throw new Error(`${entry}: ${faults.join(", ")}`);
  return Object.keys(metafile.inputs);
}

/**
 * Writes main.js and worker.js into `folder`, of `root`/bin and `root`/program. The code awaits at its top level (libsodium
 * is ready before anyone can use it), which only modules may, and what an executable starts with is a script. So all is put
 * into a function that may await, where no import can stand: node's own modules are asked for instead.
 */
export async function bundleScripts(root, folder) {
  for (const [name, entry] of Object.entries({ main: "bin/evseal.cjs", worker: "program/worker/entry.js" })) {
    const { warnings, metafile } = await build({
      ...common,
      absWorkingDir: root,
      stdin: { contents: `import "./${entry}";`, resolveDir: root }, // a script of its own would export something
      outfile: path.join(folder, `${name}.js`),
      target: "node24",
      define: { "import.meta.url": "undefined", __dirname: "undefined" }, // there are no files beside this one
      banner: { js: '"use strict";(async () => {' },
      footer: { js: "})();" },
      plugins: [nodesModules],
    });
    const [{ imports }] = Object.values(metafile.outputs);
    if (warnings.length > 0 || imports.length > 0) throw new Error(`${entry} does not fit into one script`);
  }
}

const nodesModules = {
  name: "nodes-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path: name }) => {
      return isNodes(name) ? { path: `node:${name.replace(/^node:/, "")}`, namespace: "node" } : undefined;
    });
    onLoad({ filter: /./, namespace: "node" }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};

function isNodes(name) {
  return name.startsWith("node:") || builtinModules.includes(name);
}
