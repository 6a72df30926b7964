/** Node's options cannot be given to the single file, by whatever way: nothing they do is seen. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { commandOf, environment, run, scratchFolder, singleFile } from "../cli/run.js";

const options = [
  ...["--require=./canary.cjs", "--inspect=127.0.0.1:0", "--cpu-prof", "--heap-prof", "--trace-sync-io"],
  ...["--env-file=canary.env", "--no-such-option"],
];

/** A folder in which each of the options would leave something, or say something, if node heard it. */
function folderWithCanaries(): string {
  const folder = scratchFolder();
  writeFileSync(
    path.join(folder, "canary.cjs"),
    `require("node:fs").writeFileSync("trace", ""); console.log("canary")`,
  );
  writeFileSync(path.join(folder, "canary.env"), "EVSEAL_HOME=nowhere\n");
  return folder;
}

describe.runIf(singleFile)("the single file", () => {
  test.each(options)("does not hear NODE_OPTIONS=%s", async (option) => {
    const cwd = folderWithCanaries();
    const before = readdirSync(cwd);
    const plain = await run(["policy"], { home: path.join(cwd, "home"), cwd });
    expect(plain.code).toBe(0);

    const env = { NODE_OPTIONS: option };
    expect(await run(["policy"], { home: path.join(cwd, "home"), cwd, env })).toEqual(plain);

    expect(readdirSync(cwd)).toEqual(before);
  });

  test.each(["--report-on-signal", "--heapsnapshot-signal=SIGUSR2"])(
    "does not hear NODE_OPTIONS=%s when the signal comes",
    async (option) => {
      const cwd = scratchFolder();
      const [file, ...words] = [...commandOf(), "keygen", "--unit", "A", "--passphrase-fd", "0"];
      const env = environment({ home: path.join(cwd, "home"), env: { NODE_OPTIONS: option } });
      const child = spawn(file, words, { cwd, env, stdio: ["pipe", "ignore", "ignore"] });
      const ended = once(child, "close");
      await setTimeout(1500);

      child.kill("SIGUSR2");
      await setTimeout(3000); // node writes for a while
      child.kill("SIGKILL");
      await ended;

      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test.each([...options, "--node-options=--require=./canary.cjs"])("has no option %s itself", async (option) => {
    const cwd = folderWithCanaries();
    const before = readdirSync(cwd);

    const refused = await run([option, "policy"], { home: path.join(cwd, "home"), cwd });

    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^evseal: error USAGE: /);
    expect(readdirSync(cwd)).toEqual(before);
  });

  test("refuses what else node obeys, as the source build does", async () => {
    const cwd = folderWithCanaries();
    for (const name of ["NODE_V8_COVERAGE", "NODE_REDIRECT_WARNINGS", "NODE_COMPILE_CACHE", "OPENSSL_CONF"]) {
      const { code, stderr } = await run(["policy"], { home: path.join(cwd, "home"), cwd, env: { [name]: "trace" } });
      expect(code).toBe(2);
      expect(stderr).toContain(`evseal: error ENVIRONMENT_UNSAFE: ${name} `);
    }
  });
});
