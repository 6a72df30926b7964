/** Builds that throw what holds a path and a secret, each in another place: nothing of it may be shown. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runOnTerminal } from "./on-terminal.js";
import { patchedProgram } from "./patched-program.js";
import { errorOf, makeUnit, run, scratchFolder } from "./run.js";

const canary = "/home/canary/witness.mp4 correct horse battery";
const planted = `Object.assign(new Error(${JSON.stringify(canary)}), { path: ${JSON.stringify(canary)} })`;
const wait = "await new Promise((resolve) => setTimeout(resolve, 300));";

const inCommand = ["dist/cli/commands/card.js", "await loadCard("] as const;
const marker = "export const exitCodes = {";
/** One of the first files that are loaded: libsodium is waited for after it, and main runs long after. */
const atImport = ["dist/errors.js", marker] as const;

/** The same call, for which these statements are run first. */
const first = (statements: string): string => `await (await (async () => { ${statements} ${wait} })(), loadCard)(`;

const plants: readonly [where: string, site: readonly [file: string, find: string], put: string][] = [
  ["in the work itself", inCommand, first(`throw ${planted};`)],
  ["as a text", inCommand, first(`throw ${JSON.stringify(canary)};`)],
  [
    "with a name and a stack of its own",
    inCommand,
    first(`const e = ${planted}; e.name = e.stack = e.message; throw e;`),
  ],
  ["in a callback", inCommand, first(`setTimeout(() => { throw ${planted}; });`)],
  ["in a promise that nobody awaits", inCommand, first(`void Promise.reject(${planted});`)],
  ["in a stream", inCommand, first(`const s = await import("node:stream"); new s.PassThrough().destroy(${planted});`)],
  [
    "in a worker",
    inCommand,
    first(
      `const { Worker } = await import("node:worker_threads");
       new Worker(${JSON.stringify(`throw ${planted};`)}, { eval: true });`,
    ),
  ],
  ["in a listener of the process's end", inCommand, first(`process.on("exit", () => { throw ${planted}; });`)],
  ["at import", atImport, `throw ${planted};\n${marker}`],
  ["at import, in a promise that nobody awaits", atImport, `void Promise.reject(${planted});\n${marker}`],
  ["at import, in a callback", atImport, `process.nextTick(() => { throw ${planted}; });\n${marker}`],
  ["at import, in a timer", atImport, `setImmediate(() => { throw ${planted}; });\n${marker}`],
  ["at import, by never ending", atImport, `await new Promise(() => undefined);\n${marker}`],
];

function expectNothingOf(shown: string, build: string): void {
  // No word alone that a card's fingerprint may be read out with.
  const evidence = ["canary", "witness.mp4", "correct horse"];
  for (const words of [...evidence, build, "dist/", "program/", ".js", "node:", "Node.js", "    at ", "Error:"]) {
    expect(shown).not.toContain(words);
  }
}

describe("a fault inside evseal", () => {
  test.each(plants)("%s shows nothing of itself", async (_where, [file, find], put) => {
    const folder = scratchFolder();
    const home = path.join(folder, "home");
    const build = path.join(folder, "build");
    await makeUnit(home, "A");
    const program = patchedProgram(build, file, find, put);

    const plain = await run(["card"], { home, program });
    expectNothingOf(plain.stdout + plain.stderr, build);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/^evseal: error INTERNAL: [a-z ]+\nevseal: hint: [a-z: ]+\n$/);

    const json = await run(["card", "--json"], { home, program });
    expectNothingOf(json.stdout + json.stderr, build);
    expect(json.code).toBe(1);
    // What fails beside the work may do so when the result has been printed: it is then said on stderr.
    if (json.stderr === "") expect(errorOf(json)).toMatchObject({ code: "INTERNAL", exitCode: 1 });
    else expect(json.stderr).toMatch(/^evseal: error INTERNAL: [a-z ]+\nevseal: hint: [a-z: ]+\n$/);
    expect(json.stdout).toMatch(/^\{.+\}\n$/);

    const seen = await runOnTerminal(["card"], { home, program, stdout: "terminal" });
    expectNothingOf(seen.screen, build);
    expect(seen.code).toBe(1);
    expect(seen.screen).toContain("INTERNAL");
  });
});
