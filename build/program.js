// The second half of `npm run build`: program/ is what bin/evseal.cjs starts, and all that evseal needs beside node.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { bundleProgram } from "./bundle.js";
import { licences } from "./licences.js";

const project = new URL("..", import.meta.url).pathname;
writeFileSync(path.join(project, "program", "LICENCES.txt"), licences(bundleProgram(project)));
