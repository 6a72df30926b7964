import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

const project = new URL("../..", import.meta.url).pathname;
const find = "await readBackMedia(media, spread, watch);";

/**
 * A copy of the build below `place` in which packing does not read the container back, and nothing else is different:
 * evseal itself has no such switch, and its manifests go on to claim a read-back. Returns the program's words.
 */
export function buildWithoutReadBack(place) {
  const copy = `${place}/without-read-back`;
  for (const name of ["bin", "dist", "package.json"]) cpSync(project + name, `${copy}/${name}`, { recursive: true });
  symlinkSync(`${project}node_modules`, `${copy}/node_modules`);
  const file = `${copy}/dist/sealing/pack.js`;
  const pieces = readFileSync(file, "utf8").split(find);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, and not once: ${find}`);
  writeFileSync(file, pieces.join(""));
  return [process.execPath, `${copy}/bin/evseal.js`];
}
