// The second half of `npm run build`: program/ is what bin/evseal.cjs starts, and all that evseal needs beside node.
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle.js";

bundleProgram(fileURLToPath(new URL("..", import.meta.url)));
