import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { environment, program } from "../cli/run.js";

export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
  /** The most memory that was resident at any time, as Linux counts it (VmHWM). */
  readonly peakMiB: number;
}

/** Runs evseal as `home`'s unit and watches its memory. Throws with what it said unless it exits 0. */
export async function measured(home: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...args, "--json"], {
    env: environment({ home }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let peakMiB = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const watching = setInterval(() => (peakMiB = Math.max(peakMiB, highWaterMiB(child.pid))), 20);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(watching);
  if (code !== 0) throw new Error(`evseal ${args[0] ?? ""} ended with ${code ?? "a signal"}: ${stdout}${stderr}`);
  return { stdout, seconds: (performance.now() - started) / 1000, peakMiB };
}

/** The high-water mark never falls, so that only the last few milliseconds of a process go unseen. */
function highWaterMiB(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, "utf8");
    return Math.ceil(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0; // it has ended
  }
}
