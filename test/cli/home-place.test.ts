import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandOf } from "./run.js";

function asNobodyKnown(...words: string[]): number | null {
  const [command, ...before] = commandOf();
  const env = { EVSEAL_HOME: "/nonexistent/home" };
  return spawnSync(command, [...before, ...words], { uid: 54_321, env, cwd: "/" }).status;
}

test.runIf(process.getuid?.() === 0)(
  "no HOME is needed, nor anybody who knows the user, with EVSEAL_HOME",
  (context) => {
    if (asNobodyKnown("--version") !== 0) context.skip("another user cannot reach the program here");
    expect(asNobodyKnown("check", "/nonexistent/tray")).toBe(3);
  },
);
