/** What people see, and what they must not see. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, run, scratchFolder, type OwnCard } from "./run.js";
import { cardOf, makeSealedPackage } from "./sealed-package.js";

let folder: string;
let a: OwnCard;
let b: OwnCard;
let packagePath: string;

beforeAll(async () => {
  ({ folder, a, b, packagePath } = await makeSealedPackage());
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what people see", () => {
  test("pack names the seal, says what to do next, and that the originals are still in the clear", async () => {
    const out = scratchFolder();
    const words = ["pack", "interview", "--to", b.fingerprint, "--out", out];
    const { code, stdout, stderr } = await run(words, { home: a.home, cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sealed {3}EV-.{14}\npackage {2}.+\nto {7}SCAS\ncontent {2}1 file, 100\.0 kB, read back/);
    expect(stderr).toMatch(/^evseal: next: evseal check /);
    expect(stderr).toContain("evseal: the originals still exist in the clear: evseal deletes nothing\n");
    expect(stderr).not.toContain("interview"); // the name of a source, off a terminal
  });

  test("list shows the record above and the files as a table", async () => {
    const { stdout } = await run(["list", packagePath], b);
    expect(stdout).toMatch(/^seal {8}EV-/);
    expect(stdout).toContain("\ncase        CR-1\nexhibits    AB/1\n            AB/2\nofficer     PC 42\n");
    expect(stdout).toMatch(
      /\n {2}size {2}modified {14}path\n {5}3 {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}Zeugin Müller\.wav\n/,
    );
  });

  test.each([
    ["the sender's card", () => cardOf(a)],
    ["a minisign .pub file", () => path.join(a.home, "signing.pub")],
    ["the key itself", () => a.signingKey],
  ])("verify takes %s as the signer", async (_what, signer) => {
    const home = path.join(scratchFolder(), "post-room");
    const unknown = await run(["verify", packagePath], { home });
    expect(unknown).toMatchObject({ code: 4, stdout: "" });
    expect(unknown.stderr).toContain("SIGNER_UNKNOWN");
    expect(unknown.stderr.replaceAll(" ", "")).toContain(a.fingerprint);
    expect((await run(["verify", packagePath, "--signer", signer()], { home })).code).toBe(0);
  });

  test("a record that cannot be kept is refused without being repeated", async () => {
    const out = scratchFolder();
    const pack = ["pack", "interview", "--to", "SCAS", "--out", out, "--json"];
    const options = { home: a.home, cwd: folder };
    for (const content of ["canary", '{"canary":1}', '{"case":"canary\\u001b"}', "x".repeat(300_000)]) {
      writeFileSync(path.join(folder, "bad.json"), content);
      const result = await run([...pack, "--record", "bad.json"], options);
      expect(errorOf(result)).toMatchObject({ code: "RECORD_UNUSABLE", exitCode: 7 });
      expect(result.stdout).not.toContain("canary");
    }
    for (const [option, value] of [
      ["--case", "canary\n"],
      ["--exhibit", ""],
      ["--officer", "x".repeat(201)],
      ["--reason", " canary"],
    ] as const) {
      const error = errorOf(await run([...pack, option, value], options));
      expect(error.code).toBe("USAGE");
      expect(error.message).toContain(option);
      expect(error.message).not.toContain("canary");
    }
    expect(readdirSync(out)).toEqual([]);
  });

  test("a terminal is never steered by what a package or a path says", async () => {
    const tray = path.join(scratchFolder(), "\u001b[2J\u009b31m");
    mkdirSync(tray);
    for (const words of [["check"], ["verify"], ["inspect"], ["list"], ["open", "--out", tray]]) {
      const { code, stdout, stderr } = await run([words[0] ?? "", tray, ...words.slice(1)], b);
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toMatch(/\p{Cc}(?<!\n)/u);
    }
  });
});
