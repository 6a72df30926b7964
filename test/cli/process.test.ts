import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { keys, runOnTerminal } from "./on-terminal.js";
import {
  commandOf,
  environment,
  errorOf,
  makeUnit,
  program,
  quoted,
  run,
  scratchFolder,
  singleFile,
  type RunResult,
} from "./run.js";

const evseal = quoted(commandOf());

/** A line of shell in which `evseal` is the program. */
async function shell(line: string, { home, cwd }: { home: string; cwd?: string }): Promise<RunResult> {
  const script = `evseal() { ${evseal} "$@"; }\n${line}`;
  const child = spawn("bash", ["-c", script], { cwd, env: environment({ home }), stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** The single file takes no options for node: test/binary/surroundings.test.ts. */
const nodeOptionsVariable = singleFile
  ? []
  : ["--require=/dev/null", "--max-old-space-size=4096"].map((value): [string, string] => ["NODE_OPTIONS", value]);

describe("a surrounding that could leak is refused", () => {
  test.each([
    ...nodeOptionsVariable,
    ["NODE_V8_COVERAGE", "coverage"],
    ["NODE_DEBUG", "stream"],
    ["NODE_REDIRECT_WARNINGS", "warnings"],
    ["NODE_PATH", "elsewhere"],
    ["NODE_COMPILE_CACHE", "cache"],
    ["NODE_WHAT_A_LATER_VERSION_HAS", "1"],
    ["OPENSSL_CONF", "openssl.cnf"],
    ["OPENSSL_MODULES", "modules"],
    ["SSLKEYLOGFILE", "keys"],
  ])("%s=%s in the environment", async (name, value) => {
    const home = scratchFolder();
    const env = { [name]: value };
    const refused = await run(["--version"], { home, env, cwd: home });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(`evseal: error ENVIRONMENT_UNSAFE: ${name} `);
    expect(refused.stderr).toMatch(/\nevseal: hint: unset [A-Z0-9_]+ and run it again\n/);
    expect(errorOf(await run(["--json", "card"], { home, env, cwd: home }))).toMatchObject({
      code: "ENVIRONMENT_UNSAFE",
      exitCode: 2,
    });
  });

  test.each(["NODE_ENV", "NODE_VERSION", "NODE_REPL_HISTORY", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS"])(
    "but not %s, which does no harm here, or is empty",
    async (name) => {
      const env = { [name]: name === "NODE_OPTIONS" ? "" : "20" };
      expect((await run(["--version"], { home: scratchFolder(), env })).code).toBe(0);
    },
  );

  test("a variable's name is not repeated when it could steer a terminal", async () => {
    const env = { "NODE_\u001b[31m\n": "1" };
    const { code, stderr } = await run(["--version"], { home: scratchFolder(), env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^evseal: error ENVIRONMENT_UNSAFE: a variable .+\nevseal: hint: .+\n$/);
    expect(stderr).not.toContain("\u001b");
  });

  test.each([{ HOME: "" }, { HOME: "home" }, { XDG_CONFIG_HOME: "config" }])(
    "a home below the current folder, which may be another's: %o",
    async (named) => {
      const cwd = scratchFolder();
      const refused = await run(["--json", "keygen"], { home: cwd, cwd, env: { EVSEAL_HOME: "", ...named } });
      expect(errorOf(refused)).toMatchObject({ code: "ENVIRONMENT_UNSAFE", exitCode: 2 });
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test
    .skipIf(singleFile !== undefined)
    .each([
      ...["--inspect=127.0.0.1:0", "--require=/dev/null", "--import=data:text/javascript,", "--report-on-signal"],
      ...["--cpu-prof", "--heap-prof", "--trace-sync-io", "--heapsnapshot-signal=SIGUSR2", "--expose-gc"],
    ])("node's option %s", async (option) => {
    const cwd = scratchFolder(); // node writes its profiles there all the same: of the refusal and nothing else
    const refused = await run(["--version"], { home: cwd, cwd, nodeOptions: [option] });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("evseal: error ENVIRONMENT_UNSAFE: ");
  });
});

describe("the process", () => {
  test("opens no debugger on SIGUSR1", async () => {
    const home = path.join(scratchFolder(), "home");
    const [file, ...words] = [...commandOf(), "keygen", "--unit", "A", "--passphrase-fd", "0"];
    const child = spawn(file, words, { env: environment({ home }), stdio: ["pipe", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    await setTimeout(1500);
    child.kill("SIGUSR1");
    await setTimeout(500);
    child.stdin.end("\n");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(5);
    expect(stderr).toMatch(/^evseal: error PASSPHRASE_MISSING: .*\n.*\n$/);
  });

  test("stops at SIGTERM while it waits for a passphrase in a pipe", async () => {
    const home = path.join(scratchFolder(), "home");
    const { stdout, stderr } = await shell(
      `timeout --preserve-status 1.5 ${evseal} keygen --unit A --passphrase-fd 5 5< <(sleep 3); echo $?`,
      { home },
    );
    expect(stdout).toBe("130\n");
    expect(stderr).toContain("error INTERRUPTED: ");
  });

  test.each(["XCPU", "USR2", "ALRM", "PWR"])("stops and cleans up at SIG%s too", async (signal) => {
    const home = path.join(scratchFolder(), "home");
    const { stdout, stderr } = await shell(
      `timeout --preserve-status -s ${signal} 1.5 ${evseal} keygen --unit A --passphrase-fd 5 5< <(sleep 3); echo $?`,
      { home },
    );
    expect(stdout).toBe("130\n");
    expect(stderr).toContain("error INTERRUPTED: ");
  });

  test("has the umask 077, whatever its caller's was", async () => {
    const home = path.join(scratchFolder(), "home");
    const { stdout } = await shell(
      `umask 000; ${evseal} keygen --unit A --passphrase-fd 5 5< <(sleep 4) & sleep 2
       grep -h Umask /proc/$!/status; kill $!; wait`,
      { home },
    );
    expect(stdout).toBe("Umask:\t0077\n");
  });

  test("keeps what it makes to its user", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    expect(statSync(home).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(home)) expect(statSync(path.join(home, name)).mode & 0o077).toBe(0);
  });

  test("shows nothing of an inner fault but that there was one", async () => {
    const folder = scratchFolder();
    mkdirSync(path.join(folder, "canary"));
    // The relative home cannot be resolved from a folder that is gone.
    const gone = "rmdir ../canary; EVSEAL_HOME=rel";
    const said = await shell(`${gone} evseal card`, { home: folder, cwd: path.join(folder, "canary") });
    expect(said).toMatchObject({ code: 1, stdout: "" });
    expect(said.stderr).toBe(
      "evseal: error INTERNAL: something went wrong inside evseal\n" +
        "evseal: hint: this is a fault in evseal: please report it\n",
    );
  });

  test("says that it is not built when it is not", async () => {
    const folder = scratchFolder();
    mkdirSync(path.join(folder, "bin"));
    copyFileSync(program, path.join(folder, "bin", "evseal.cjs"));
    const { code, stderr } = await shell(`node ${folder}/bin/evseal.cjs card`, { home: folder });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "evseal: error INTERNAL: evseal is not whole\nevseal: hint: run npm run build, or copy its folder program beside bin\n",
    });
  });
});

describe("standard output", () => {
  test("that takes nothing more is a failure, said on stderr", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    for (const words of ["card", "card --json", "--help"]) {
      const { code, stderr } = await shell(`evseal ${words} > /dev/full`, { home });
      expect(code).toBe(8);
      expect(stderr).toContain("evseal: error OUTPUT_FAILED: the result could not be written to standard output\n");
    }
  });

  test("that is closed or that nobody reads is no fault", async () => {
    const home = path.join(scratchFolder(), "home");
    await makeUnit(home, "Force A");
    const unread = await shell('evseal card | true; echo "${PIPESTATUS[0]}"', { home });
    expect(unread).toEqual({ code: 0, stdout: "0\n", stderr: "" });
    const closed = await shell("evseal card >&- 2>&-", { home });
    expect(closed.code).toBe(0);
  });

  test("gets all of a long document, however slowly it is read", async () => {
    const folder = scratchFolder();
    const source = path.join(folder, "source");
    mkdirSync(path.join(folder, "out"));
    mkdirSync(source);
    for (let index = 0; index < 2000; index += 1) writeFileSync(path.join(source, `file ${index}`), "");
    const a = await makeUnit(path.join(folder, "a"), "Force A");
    const b = await makeUnit(path.join(folder, "b"), "SCAS");
    await shell(
      `evseal card --out a.json; EVSEAL_HOME=${b.home} evseal card --out b.json
       evseal contacts add b.json --fingerprint ${b.fingerprint}
       EVSEAL_HOME=${b.home} evseal contacts add a.json --fingerprint ${a.fingerprint}
       evseal pack source --to SCAS --out out`,
      { home: a.home, cwd: folder },
    );
    const slow = await shell("evseal list out/EV-* --json | { sleep 2; cat; }", { home: b.home, cwd: folder });
    expect(slow.stdout.length).toBeGreaterThan(300_000);
    expect((JSON.parse(slow.stdout) as { files: unknown[] }).files).toHaveLength(2000);
    const cut = await shell('evseal list out/EV-* --json | head -c 10; echo " ${PIPESTATUS[0]}"', {
      home: b.home,
      cwd: folder,
    });
    expect(cut).toEqual({ code: 0, stdout: '{"format": 0\n', stderr: "" });
  });
});

describe("Ctrl-C while a package is made", () => {
  test("stops the work with 130 and leaves nothing behind", async () => {
    const folder = scratchFolder();
    const [out, source] = [path.join(folder, "out"), path.join(folder, "canary.mp4")];
    mkdirSync(out);
    writeFileSync(source, "");
    truncateSync(source, 4_000_000_000); // a hole: it takes no space
    const a = await makeUnit(path.join(folder, "a"), "Force A");
    const b = await makeUnit(path.join(folder, "b"), "SCAS");
    await shell(
      `EVSEAL_HOME=${b.home} evseal card --out b.json; evseal contacts add b.json --fingerprint ${b.fingerprint}`,
      { home: a.home, cwd: folder },
    );
    const stopped = await runOnTerminal(["pack", source, "--to", "SCAS", "--out", out], { home: a.home }, [
      { until: " left", type: keys.ctrlC },
    ]);
    expect(stopped).toMatchObject({ code: 130, restored: true, stdout: "", unsaid: 0 });
    expect(stopped.screen).toMatch(/\rsealing {2}\[#*-+\] {2}\d+ % {2}[\d.]+ [MG]B\/s {2}\d+:\d\d left/);
    expect(stopped.screen).toContain("INTERRUPTED");
    expect(stopped.screen).not.toContain("canary");
    expect(readdirSync(out)).toEqual([]);
  });
});
