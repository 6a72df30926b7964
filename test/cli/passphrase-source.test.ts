import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { errorOf, run, scratchFolder, type RunResult } from "./run.js";

let folder: string;
let home: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "evseal-cli-"));
  home = path.join(folder, "home");
  writeFileSync(path.join(folder, "passphrase"), "correct horse\n");
  const made = await run(
    ["keygen", "--unit", "Force A", "--classic", "--passphrase-file", path.join(folder, "passphrase")],
    { home },
  );
  expect(made.code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Takes the unit's signing key over into another home: that needs the passphrase, and nothing else. */
async function unlock(words: readonly string[], fds?: Record<number, string>, input?: string): Promise<RunResult> {
  const other = path.join(scratchFolder(), "other");
  const keygen = ["keygen", "--unit", "B", "--classic", "--signing-key", path.join(home, "signing.key"), "--json"];
  return await run([...keygen, ...words], { home: other, ...(fds && { fds }), ...(input !== undefined && { input }) });
}

describe("a passphrase", () => {
  test("comes from a file, and one line ending after it does not count", async () => {
    for (const content of ["correct horse", "correct horse\n", "correct horse\r\n"]) {
      const file = path.join(scratchFolder(), "passphrase");
      writeFileSync(file, content);
      expect((await unlock(["--passphrase-file", file])).code).toBe(0);
    }
  });

  test("comes from a descriptor, stdin among them", async () => {
    expect((await unlock(["--passphrase-fd", "3"], { 3: "correct horse\n" })).code).toBe(0);
    expect((await unlock(["--passphrase-fd", "0"], {}, "correct horse\n")).code).toBe(0);
  });

  test("that is wrong is said to be wrong", async () => {
    for (const wrong of ["correct horse \n", "correct horse\r", "Correct horse\n"]) {
      const result = await unlock(["--passphrase-fd", "3"], { 3: wrong });
      expect(["PASSPHRASE_WRONG", "PASSPHRASE_UNUSABLE"]).toContain(errorOf(result).code);
      expect(result.code).toBe(5);
    }
  });

  test.each([
    ["that is empty", "", "PASSPHRASE_MISSING"],
    ["that is an empty line", "\n", "PASSPHRASE_MISSING"],
    ["of two lines", "correct horse\nbattery\n", "PASSPHRASE_UNUSABLE"],
    ["with a zero byte", "correct\0horse\n", "PASSPHRASE_UNUSABLE"],
    ["over 4 KiB", "x".repeat(4097), "PASSPHRASE_UNUSABLE"],
  ])("%s is refused before any key is made", async (_what, content, code) => {
    const fresh = path.join(scratchFolder(), "fresh");
    const words = ["keygen", "--unit", "B", "--passphrase-fd", "3", "--json"];
    const result = await run(words, { home: fresh, fds: { 3: content } });
    expect(errorOf(result)).toMatchObject({ code, exitCode: 5 });
    expect(existsSync(fresh)).toBe(false);
  });

  test("file that is missing or a folder is named as the trouble, without its path", async () => {
    for (const file of [path.join(folder, "none"), folder]) {
      const result = await unlock(["--passphrase-file", file]);
      expect(errorOf(result).code).toBe("PASSPHRASE_UNUSABLE");
      expect(result.stdout).not.toContain(folder);
    }
  });

  test("descriptor that nobody opened is refused", async () => {
    expect(errorOf(await unlock(["--passphrase-fd", "9"])).code).toBe("PASSPHRASE_UNUSABLE");
  });

  test("that nobody gave is missing, and the ways to give it are named", async () => {
    const error = errorOf(await unlock([]));
    expect(error).toMatchObject({ code: "PASSPHRASE_MISSING", exitCode: 5 });
    expect(error.hint).toContain("--passphrase-file FILE");
  });

  test("is not asked for when nothing needs it, and --no-passphrase must be said", async () => {
    const fresh = path.join(scratchFolder(), "fresh");
    const keygen = ["keygen", "--unit", "B", "--classic", "--json"];
    expect(errorOf(await run(keygen, { home: fresh })).code).toBe("PASSPHRASE_MISSING");
    const made = await run([...keygen, "--no-passphrase"], { home: fresh });
    expect(made.code).toBe(0);
    expect(made.stderr).toContain("evseal: warning: the keys have no passphrase");
    mkdirSync(path.join(fresh, "out"));
  });

  test("of a key that is taken over cannot be left out by saying --no-passphrase", async () => {
    expect(errorOf(await unlock(["--no-passphrase"])).code).toBe("PASSPHRASE_MISSING");
  });
});

test("keys that are taken over stay the same keys", async () => {
  const other = path.join(scratchFolder(), "other");
  const words = ["keygen", "--unit", "B", "--passphrase-fd", "3", "--json"];
  const existing = ["--identity", path.join(home, "receiving.age"), "--signing-key", path.join(home, "signing.key")];
  const made = await run([...words, ...existing], { home: other, fds: { 3: "correct horse" } });
  expect(made.code).toBe(0);
  const [a, b] = [home, other].map((place) => {
    const card = JSON.parse(readFileSync(path.join(place, "card.json"), "utf8")) as Record<string, string>;
    return { recipient: card["recipient"], signingKey: card["signingKey"] };
  });
  expect(b).toEqual(a);
});
