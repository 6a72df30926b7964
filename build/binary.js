// `npm run build:binary [linux] [windows] [macos]`: makes evseal into one file for each (for all where none is named), in
// dist-binary/. Runs on Linux x64; needs the built project, npm and tar.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScripts } from "./bundle.js";
import { platforms, runtimeLicence, runtimePath } from "./runtimes.js";
import { makeSingleFile } from "./single-file.js";

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(project, "dist-binary");
const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in platforms));
if (unknown.length > 0) throw new Error(`no such platform: ${unknown.join(", ")}`);
if (process.platform !== "linux" || process.arch !== "x64") throw new Error("this runs on Linux x64 only");

const { version } = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8"));
const isRun = (platform) => platform === "linux";

/** Throws unless the file that was made says what it should. */
function run(output) {
  const said = execFileSync(output, ["--version"], { env: { EVSEAL_HOME: "/nonexistent" }, encoding: "utf8" });
  if (said !== `${version}\n`) throw new Error(`${output} says that it is ${said}`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const scripts = mkdtempSync(path.join(folder, ".scripts-"));
const made = [];
try {
  await bundleScripts(project, scripts);
  const libraries = readFileSync(path.join(project, "program", "LICENCES.txt"), "utf8");
  writeFileSync(path.join(folder, "LICENCES.txt"), `${libraries}\n${runtimeLicence()}`);
  for (const platform of names.length > 0 ? names : Object.keys(platforms)) {
    const { file, runtime, maker } = platforms[platform];
    const output = path.join(folder, file);
    const paths = { runtime: runtimePath(runtime), maker: runtimePath(maker) };
    await makeSingleFile({ platform, ...paths, scripts, output });
    if (isRun(platform)) run(output);
    const hash = createHash("sha256").update(readFileSync(output)).digest("hex");
    made.push({ file, runtime, hash, sizeBytes: statSync(output).size, isRun: isRun(platform) });
  }
} finally {
  rmSync(scripts, { recursive: true });
}

const sums = made.map(({ file, hash }) => `${hash}  ${file}\n`).join("");
writeFileSync(path.join(folder, "SHA256SUMS"), sums);
const lines = made.map(({ file, runtime, sizeBytes, isRun }) => {
  const status = isRun ? "built and run" : "built, not run";
  return `${status.padEnd(14)}  ${file.padEnd(18)}  ${(sizeBytes / 1e6).toFixed(0)} MB  evseal ${version} in ${runtime}\n`;
});
writeFileSync(path.join(folder, "BUILT.txt"), lines.join(""));
process.stdout.write(lines.join(""));
