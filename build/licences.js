// The licences of all that an executable is made of, as they ask for.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const project = new URL("..", import.meta.url).pathname;

/** One text: evseal's licence, then each library's, whose files are among `inputs`. Throws for one that has none. */
export function licences(inputs) {
  const folders = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? ".");
  return [...new Set(folders)].sort().map(licenceOf).join("\n");
}

function licenceOf(folder) {
  const place = path.join(project, folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8"));
  const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry) && existsSync(path.join(place, entry)));
  if (!file && !license) throw new Error(`${name} has no licence`);
  const text = file ? readFileSync(path.join(place, file), "utf8").trim() : `Licensed under ${license}.`;
  return `==== ${name} ${version}\n\n${text}\n`;
}
