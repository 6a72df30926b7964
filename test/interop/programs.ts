/** Other people's programs: finding them, and running them with everything around them stated. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { describe, test } from "vitest";

const searchPath = process.env["PATH"] ?? "";

function isInstalled(program: string): boolean {
  return searchPath.split(":").some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Tests that need programs. One that is missing is a failure where CI is set, and elsewhere a line that says so. */
export function describeWith(programs: readonly string[], title: string, define: () => void): void {
  const missing = programs.filter((program) => !isInstalled(program)).join(", ");
  if (missing === "") describe(title, define);
  else if (process.env["CI"]) {
    test(title, () => {
      throw new Error(`not installed: ${missing}`);
    });
  } else describe.skip(`${title} [SKIPPED, not installed: ${missing}]`, define);
}

/** The folder with age 1.3, which knows post-quantum keys; .ci/run fetches it where it can. */
const age13 = process.env["EVSEAL_TEST_AGE13"];

/** Tests that need age 1.3. Where EVSEAL_TEST_AGE13 names no folder with it, a line says that they were skipped. */
export function describeWithAge13(title: string, define: (folder: string) => void): void {
  if (age13) describe(title, () => define(age13));
  else describe.skip(`${title} [SKIPPED, EVSEAL_TEST_AGE13 names no folder with age 1.3]`, () => define(""));
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder searched for programs before all others. */
  readonly first?: string;
}

export function environmentOf({ env, first, cwd }: Around): Record<string, string> {
  const PATH = first === undefined ? searchPath : `${first}:${searchPath}`;
  return { PATH, HOME: cwd ?? "/nonexistent", LC_ALL: "C.UTF-8", TZ: "UTC", ...env };
}

/** Runs a program to its end, with nothing on its stdin. */
export async function exec(program: string, args: readonly string[], around: Around = {}): Promise<Ended> {
  const env = environmentOf(around);
  const file = around.first !== undefined && program.startsWith("age") ? path.join(around.first, program) : program;
  const child = spawn(file, args, { cwd: around.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  return { code, stdout, stderr };
}

/** The same, for a run that must succeed; throws with what the program said. */
export async function must(program: string, args: readonly string[], around: Around = {}): Promise<Ended> {
  const ended = await exec(program, args, around);
  if (ended.code !== 0)
    throw new Error(`${program} ended with ${ended.code ?? "a signal"}: ${ended.stderr}${ended.stdout}`);
  return ended;
}
