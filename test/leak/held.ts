import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { environment, program } from "../cli/run.js";

/** What is sought in a memory, each under the name that the test calls it by. */
export type Needles = Readonly<Record<string, Uint8Array>>;

export interface Held {
  /** Where each needle that was found stands; the names of places are those of /proc/PID/maps. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly searchedBytes: number;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly home: string;
  readonly cwd: string;
  /** A pattern of paths: the work with keys is done when one is there. */
  readonly done: string;
  /** Typed on a terminal, one at each question. */
  readonly typed?: readonly string[];
  /** The built program, or a copy of it. */
  readonly program?: string;
}

/** Runs the program until it has nothing left to do but to write its result, and searches all of its memory then. */
export async function held(args: readonly string[], around: Around, needles: () => Needles): Promise<Held> {
  const python = spawn("python3", [fileURLToPath(new URL("memory.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  const hear = async (): Promise<object> => {
    const next: IteratorResult<string> = await lines.next();
    if (next.done === true) throw new Error("the searcher of memory has failed");
    return JSON.parse(next.value) as object;
  };
  const say = (document: object): unknown => python.stdin.write(`${JSON.stringify(document)}\n`);
  const { home, cwd, done, typed } = around;
  const argv = [process.execPath, around.program ?? program, ...args];
  say({ argv, env: environment({ home, env: { TERM: "xterm" } }), cwd, done, typed });
  const { held: isHeld } = (await hear()) as { held: boolean };
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const sought = isHeld ? Object.entries(needles()).map(([name, bytes]) => [name, hex(bytes)] as const) : [];
  say({ needles: Object.fromEntries(sought) });
  const result = { ...(await hear()), ...(await hear()) } as Held;
  await once(python, "close");
  if (!isHeld) throw new Error(`the program was not held: ${result.stdout}${result.stderr}`);
  return result;
}
