// Makes a fresh clone ready without asking: installs what the lockfile names unless it is already there, then builds.
import { execSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const installed = `${root}node_modules/.package-lock.json`;
const wanted = `${root}package-lock.json`;
const run = (command) => execSync(command, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  run("npm ci --ignore-scripts --no-audit --no-fund --loglevel=error");
}
run("npm run --silent build");
