// The licences of all that the program is made of, as they ask for.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** One text: evseal's licence, then each library's, whose files are among `inputs`, below `root`. Throws for one that has none. */
export function licences(root, inputs) {
  const folders = [...inputs].map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? ".");
  return [...new Set(folders)]
    .sort()
    .map((folder) => licenceOf(path.join(root, folder)))
    .join("\n");
}

function licenceOf(place) {
  const { name, version } = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8"));
  const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence`);
  return `==== ${name} ${version}\n\n${readFileSync(path.join(place, file), "utf8").trim()}\n`;
}
