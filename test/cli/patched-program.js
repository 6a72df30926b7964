import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleProgram } from "../../build/bundle.js";
import { copyProject } from "../project-copy.js";

/** A program below `folder` in which `put` stands for `find`, which `file`, of what is built, must hold exactly once. */
export function patchedProgram(folder, file, find, put) {
  copyProject(folder, ["bin", "dist", "package.json", "LICENSE"]);
  const patched = path.join(folder, file);
  const pieces = readFileSync(patched, "utf8").split(find);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, and not once: ${find}`);
  writeFileSync(patched, pieces.join(put));
  bundleProgram(folder);
  return path.join(folder, "bin", "evseal.cjs");
}
