// Makes one executable of a runtime and the two scripts of build/bundle.js.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inject } from "postject";
import { unsigned } from "./unsigned.js";

/** What Node looks for in itself (its manual, "Single executable applications"). */
export const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * Writes the executable `output` of a `runtime` for `platform`; `maker` is a runtime of the same version that runs here,
 * and `scripts` the folder of main.js and worker.js. All are paths.
 */
export async function makeSingleFile({ platform, runtime, maker, scripts, output }) {
  copyFileSync(runtime, output);
  chmodSync(output, 0o755);
  if (platform === "windows") writeFileSync(output, unsigned(readFileSync(output)));
  await inject(output, "NODE_SEA_BLOB", prepared(runtime === maker, maker, scripts), {
    sentinelFuse: fuse,
    machoSegmentName: platform === "macos" ? "NODE_SEA" : undefined,
  });
}

/** What node calls the blob: the scripts and how they are run. */
function prepared(isForThisMachine, maker, scripts) {
  const config = path.join(scripts, "settings.json");
  const output = path.join(scripts, "blob");
  const settings = {
    main: path.join(scripts, "main.js"),
    assets: { "worker.js": path.join(scripts, "worker.js") }, // src/ring/worker-program.ts asks for it
    output,
    disableExperimentalSEAWarning: true,
    execArgv: ["--disable-sigusr1"], // no debugger, from the first instruction on
    execArgvExtension: "none", // neither NODE_OPTIONS nor the command line adds any
    useCodeCache: isForThisMachine, // compiled code, good for the kind of machine that made it only
  };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(maker, ["--experimental-sea-config", config], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
  return readFileSync(output);
}
