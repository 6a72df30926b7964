import { cpSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));

/** Copies what lies under these names in the project to `folder`, and links what is installed there. */
export function copyProject(folder, names) {
  for (const name of names) cpSync(project + name, path.join(folder, name), { recursive: true });
  symlinkSync(`${project}node_modules`, path.join(folder, "node_modules"));
}
