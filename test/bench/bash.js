/** A step that needs a pipe, and therefore a shell; `script` sees nothing but the environment. */
export function bash(script) {
  return ["bash", "-c", `set -euo pipefail\n${script}`];
}

/**
 * The step that makes what was written durable: every file and its folders. Beyond a hundred files that is the whole file
 * system at once, which is what a person in a hurry would type, and much faster than a file at a time.
 */
export function syncStep(folder, files) {
  if (files.length > 100) return ["sync", "-f", folder];
  const folders = new Set(files.flatMap(parentsOf));
  return ["sync", ...[...files, ...folders].map((name) => `${folder}/${name}`), folder];
}

function parentsOf(file) {
  const names = file.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
