// Puts bin/evseal.cjs with all that it loads into one script, and what a thread is started with into another.
import { builtinModules } from "node:module";
import { build } from "esbuild";

const project = new URL("..", import.meta.url).pathname;

/**
 * The code awaits at its top level (libsodium is ready before anyone can use it), which only modules may, and what an
 * executable starts with is a script. So all is put into a function that may await, where no import can stand: node's
 * own modules are asked for instead.
 */
const nodesModules = {
  name: "nodes-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path }) => {
      const name = path.replace(/^node:/, "");
      const isNodes = path.startsWith("node:") || builtinModules.includes(name);
      return isNodes ? { path: `node:${name}`, namespace: "node" } : undefined;
    });
    onLoad({ filter: /./, namespace: "node" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Writes the script that begins with `entry`, of the built project, to `outfile`; warnings are failures. */
async function bundle(entry, outfile) {
  const { warnings, metafile } = await build({
    absWorkingDir: project,
    stdin: { contents: `import "./${entry}";`, resolveDir: project }, // a script of its own would export something
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    define: { "import.meta.url": "undefined", __dirname: "undefined" }, // there are no files beside this one
    banner: { js: '"use strict";(async () => {' },
    footer: { js: "})();" },
    legalComments: "none", // the licences are beside the executables, whole
    plugins: [nodesModules],
    metafile: true,
  });
  const [{ imports }] = Object.values(metafile.outputs);
  if (warnings.length > 0 || imports.length > 0) throw new Error(`${entry} does not fit into one script`);
  return Object.keys(metafile.inputs).filter((input) => input !== "<stdin>");
}

/** Writes main.js and worker.js into `folder`; the files of the project and its libraries that went into them. */
export async function bundleInto(folder) {
  const main = await bundle("bin/evseal.cjs", `${folder}/main.js`);
  const worker = await bundle("dist/worker/entry.js", `${folder}/worker.js`);
  return [...new Set([...main, ...worker])].filter((input) => !input.startsWith("node:")).sort();
}
