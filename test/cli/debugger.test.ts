/** Node opens its debugger, through which all memory can be read, on SIGUSR1 until the program takes the signal over. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { commandOf, environment, program, scratchFolder } from "./run.js";

const debuggerPort = 9229;
const delaysMs = Array.from({ length: 21 }, (_, index) => index * 5);

async function isListening(): Promise<boolean> {
  const socket = connect(debuggerPort, "127.0.0.1");
  const outcome = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  socket.destroy();
  return outcome;
}

/** Sends SIGUSR1 that long after the start; how it ended, or that it waits for its passphrase with no debugger open. */
async function signalled(afterMs: number): Promise<string> {
  const home = path.join(scratchFolder(), "home");
  const [file, ...words] = [...commandOf(), "keygen", "--unit", "A", "--passphrase-fd", "0"];
  const child = spawn(file, words, { env: environment({ home }), stdio: ["pipe", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  const ended = once(child, "close").then(() => "ended");
  await setTimeout(afterMs);
  child.kill("SIGUSR1");
  const state = await Promise.race([ended, setTimeout(1500, "waits")]);
  const listens = state === "waits" && (await isListening());
  child.kill("SIGKILL");
  child.stdin.on("error", () => undefined).destroy();
  await ended;
  expect(existsSync(home)).toBe(false);
  if (listens) return "waits with an open debugger";
  if (state === "waits") return stderr === "" ? "waits" : `waits, and said ${stderr}`;
  if (child.signalCode === "SIGUSR1") return "killed"; // node itself was not there yet
  return stderr.includes("error ENVIRONMENT_UNSAFE: a debugger was opened") ? "refused" : `ended: ${stderr}`;
}

test("no debugger is open once the program asks for a secret, whenever the signal comes", async () => {
  const found: Record<string, number[]> = {};
  for (const delayMs of delaysMs) (found[await signalled(delayMs)] ??= []).push(delayMs);
  if (process.env["EVSEAL_MEASURE"]) console.log(found);

  expect(Object.keys(found).filter((state) => !["killed", "refused", "waits"].includes(state))).toEqual([]);
  expect(Object.keys(found)).toContain("waits");
});

test("a debugger that was opened while evseal started is noticed before anything is read", async () => {
  const found = await guardedWithDebugger();

  expect(found).toMatch(/error ENVIRONMENT_UNSAFE: a debugger was opened on evseal while it started\n.*\n$/);
});

/** The guard itself, with a debugger that is open already, in the way that no option or variable shows. */
async function guardedWithDebugger(): Promise<string> {
  const home = path.join(scratchFolder(), "home");
  const code = `process.argv.splice(1, 0, ${JSON.stringify(program)});
    require("node:inspector").open(0); process.execArgv.length = 0; import(${JSON.stringify(program)})`;
  const child = spawn(process.execPath, ["--eval", code, "card"], { env: environment({ home }), stdio: "pipe" });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  const [exitCode] = (await once(child, "close")) as [number | null];
  expect(exitCode).toBe(2);
  return stderr;
}
