/**
 * What is left of secrets in the memory of the built program when its work with keys is done. It is held there: its result
 * goes into a pipe that is full. All memory that can be read is searched, V8's heap, libsodium's WASM memory and the
 * malloc heap of node and OpenSSL alike, and what was freed there as well.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { patchedProgram } from "../cli/patched-program.js";
import { makeUnit, run, type OwnCard } from "../cli/run.js";
import { describeWith } from "../interop/programs.js";
import { uniqueText } from "./canaries.js";
import { held, type Around, type Held, type Needles } from "./held.js";
import { asText, halves, secretsOf } from "./secret-needles.js";

describeWith(["python3"], "when the work with keys is done", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-memory-"));
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  const passphrase = uniqueText() + uniqueText(); // as bytes it is its own text
  const passphraseFile = ["--passphrase-file", at("passphrase")];
  const enter = `${passphrase}\r`;
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Everything secret of a unit whose keys stand in the clear in `home`. */
  const secrets = (home: string): Needles => ({
    ...secretsOf(at(home)),
    ...asText("passphrase", passphrase),
    ...halves("passphrase", Buffer.from(passphrase)),
  });

  /** Puts the keys of the unit in `clear` under the passphrase, in `home`. */
  const takeOver = (clear: string, home: string, how: readonly string[], typed?: readonly string[]): Promise<Held> => {
    const keys = ["--identity", at(clear, "receiving.age"), "--signing-key", at(clear, "signing.key")];
    const words = ["keygen", "--unit", home, ...keys, ...how, "--json"];
    return hold(words, { home: at(home), done: at(home, "card.json"), ...(typed && { typed }) }, () => secrets(clear));
  };
  const hold = async (words: readonly string[], around: Omit<Around, "cwd">, needles: () => Needles): Promise<Held> => {
    const result = await held(words, { cwd: folder, ...around }, needles);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    expect(result.stdout).toMatch(/^\{.+\}\n$/); // all of it came after the search
    expect(result.searchedBytes).toBeGreaterThan(50_000_000);
    return result;
  };

  beforeAll(async () => {
    writeFileSync(at("passphrase"), passphrase);
    for (const name of ["out", "opened"]) mkdirSync(at(name));
    writeFileSync(at("source"), Buffer.alloc(100_000, 5));
    await makeUnit(at("classic"), "classic");
    expect((await run(["keygen", "--unit", "hybrid", "--no-passphrase"], { home: at("hybrid") })).code).toBe(0);
  });

  test("nothing is left of new keys", async () => {
    const words = ["keygen", "--unit", "new", "--no-passphrase", "--json"];
    const { found } = await hold(words, { home: at("new"), done: at("new", "card.json") }, () => secretsOf(at("new")));
    expect(found).toEqual({});
  });

  test("nothing is left of keys that were taken over, and of the passphrase in a file", async () => {
    expect((await takeOver("classic", "sender", passphraseFile)).found).toEqual({});
  });

  test("nothing is left of keys that were taken over, and of the passphrase that was typed", async () => {
    const { found, stderr } = await takeOver("hybrid", "receiver", [], [enter, enter]);
    expect(stderr).toContain("the same again");
    expect(found).toEqual({});
  });

  describe("with a package", () => {
    const trust = async (from: string, to: string): Promise<void> => {
      expect((await run(["card", "--out", at(`${from}.json`)], { home: at(from) })).code).toBe(0);
      const { fingerprint } = JSON.parse((await run(["card", "--json"], { home: at(from) })).stdout) as OwnCard;
      const added = await run(["contacts", "add", at(`${from}.json`), "--fingerprint", fingerprint], { home: at(to) });
      expect(added.code).toBe(0);
    };
    const packing = ["pack", "source", "--to", "receiver", "--out", "out", "--json", ...passphraseFile];
    const made = (): string => at("out", readdirSync(at("out"))[0] ?? "");
    beforeAll(async () => {
      await trust("sender", "receiver");
      await trust("receiver", "sender");
    });

    test("nothing is left after pack, and what is no secret is found as text of both kinds", async () => {
      const [narrow, wide] = [uniqueText(), `証${uniqueText()}`]; // V8 keeps the one in 8 bits, the other in 16
      const words = [...packing, "--case", narrow, "--officer", wide];
      const needles = (): Needles => ({
        ...secrets("classic"),
        ...asText("the case", narrow),
        ...asText("the officer", wide),
      });
      const { found } = await hold(words, { home: at("sender"), done: at("out", "EV-*") }, needles);
      const known = ["the case, UTF-8", "the case, UTF-16", "the officer, UTF-8", "the officer, UTF-16"];
      expect(Object.keys(found).sort()).toEqual(known.sort());
      expect(found["the case, UTF-8"]).toContainEqual(expect.stringContaining("[stack]")); // the command line
      expect(found["the officer, UTF-16"]).toContainEqual(expect.stringContaining("anonymous 256 KiB")); // V8
      expect(found["the case, UTF-8"]).toContainEqual(expect.stringMatching(/^anonymous (4096|8192|16384) KiB/)); // WASM
    });

    test("nothing is left after open", async () => {
      const words = ["open", made(), "--out", "opened", "--json"];
      const { found } = await hold(words, { home: at("receiver"), done: at("opened", "*"), typed: [enter] }, () =>
        secrets("hybrid"),
      );
      expect(found).toEqual({});
    });

    test("a build that keeps the passphrase as a text is found out", async () => {
      const keeping = "globalThis.kept = Buffer.from(secret.expose()).toString(); if (secret.sizeBytes === 0)";
      const file = "dist/cli/passphrase-source.js";
      const program = patchedProgram(at("broken"), file, "if (secret.sizeBytes === 0)", keeping);
      mkdirSync(at("out2"));
      const words = [...packing.slice(0, 4), "--out", "out2", "--json", ...passphraseFile];
      const around = { home: at("sender"), done: at("out2", "EV-*"), program };
      const { found } = await hold(words, around, () => secrets("classic"));
      expect(Object.keys(found)).toContain("passphrase, UTF-8");
    });
  });
});
