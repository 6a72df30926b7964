import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleProgram } from "../../build/bundle.js";

const project = new URL("../../", import.meta.url).pathname;

/** A program below `folder` in which `put` stands for `find`, which `file`, of what is built, must hold exactly once. */
export function patchedProgram(folder, file, find, put) {
  for (const name of ["bin", "dist", "package.json", "LICENSE"])
    cpSync(project + name, path.join(folder, name), { recursive: true });
  symlinkSync(`${project}node_modules`, path.join(folder, "node_modules"));
  const patched = path.join(folder, file);
  const pieces = readFileSync(patched, "utf8").split(find);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, and not once: ${find}`);
  writeFileSync(patched, pieces.join(put));
  bundleProgram(folder);
  return path.join(folder, "bin", "evseal.cjs");
}
