/** docs/schemas is what the program is built with, and every command's real documents are what it says. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { format } from "prettier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { jsonDocuments } from "../../src/cli/json-documents.js";
import { programCommands } from "./program-commands.js";
import { run, scratchFolder } from "./run.js";
import { cardOf, makeSealedPackage, type SealedPackage } from "./sealed-package.js";

const folder = fileURLToPath(new URL("../../docs/schemas/", import.meta.url));
const fileOf = (name: string): string => `${name.replaceAll(" ", "-")}.json`;
const beside = ["policy file", "error", "progress"];

function schemaOf(name: string, io: "input" | "output"): object {
  const schema = jsonDocuments[name];
  if (schema === undefined) throw new Error(`there is no schema of ${name}`);
  const title = beside.includes(name) ? `evseal: ${name}` : `evseal ${name} --json`;
  // zod says of lists that the program does not change them; to a reader of documents that means nothing.
  return { title, ...z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => delete jsonSchema.readOnly }) };
}

describe("docs/schemas", () => {
  test.each(Object.keys(jsonDocuments))("is current for %s (npm run published writes it)", async (name) => {
    const text = await format(JSON.stringify(schemaOf(name, "input")), { parser: "json", printWidth: 120 });
    await expect(text).toMatchFileSnapshot(path.join(folder, fileOf(name)));
  });

  test("has a schema for each command that does something, one for policy.json, one for errors and one for progress", () => {
    const doing = [...programCommands].filter(([, { commands }]) => commands.length === 0).map(([name]) => name);
    expect(Object.keys(jsonDocuments).sort()).toEqual([...doing, ...beside].sort());
    expect(readdirSync(folder).sort()).toEqual(Object.keys(jsonDocuments).map(fileOf).sort());
  });
});

const ajv = new Ajv2020();

/** What is wrong with a document by the published schema, and by the one that knows no member that is not in it. */
function complaintsAbout(document: unknown, name: string): unknown[] {
  return (["input", "output"] as const).flatMap((io) => {
    const validate = ajv.compile(schemaOf(name, io));
    return validate(document) ? [] : (validate.errors ?? []);
  });
}

test("a document that is not what its schema says is found out", () => {
  const error = { code: "USAGE", message: "no", hint: "so", exitCode: 2 };
  expect(complaintsAbout({ error }, "error")).toEqual([]);
  for (const wrong of [
    { ...error, code: "NEW" },
    { ...error, exitCode: 0 },
    { ...error, more: 1 },
    { code: "USAGE" },
  ]) {
    expect(complaintsAbout({ error: wrong }, "error")).not.toEqual([]);
  }
  expect(complaintsAbout({ contacts: [{ unit: "A" }] }, "contacts list")).not.toEqual([]);
});

describe("what every command prints with --json", () => {
  let made: SealedPackage;
  let scratch: string;
  beforeAll(async () => {
    made = await makeSealedPackage();
    scratch = path.join(made.folder, "scratch");
    for (const name of ["out", "opened", "dirty", "left"]) mkdirSync(path.join(scratch, name), { recursive: true });
    writeFileSync(path.join(scratch, "dirty", "clip.mp4"), "clear");
    mkdirSync(path.join(scratch, "left", ".EV-0000-0000-0000.partial"));
  });
  afterAll(() => rmSync(made.folder, { recursive: true }));

  /** Of each command a run that succeeds and one that fails; `check` fails with a document of its own. */
  const runs: Readonly<Record<string, (at: string) => { good: string[]; bad: string[]; unit?: "b" }>> = {
    keygen: () => ({ good: ["--unit", "New", "--classic", "--no-passphrase"], bad: ["--unit", "/"] }),
    card: () => ({ good: [], bad: ["--out", made.a.home] }),
    "contacts add": () => {
      return { good: [cardOf(made.b), "--fingerprint", made.b.words], bad: [cardOf(made.b), "--fingerprint", "x"] };
    },
    "contacts list": () => ({ good: [], bad: ["more"] }),
    "contacts show": () => ({ good: ["SCAS"], bad: ["nobody"] }),
    "contacts remove": () => ({ good: ["SCAS"], bad: ["nobody"] }),
    pack: (at) => {
      const words = [path.join(made.folder, "interview"), "--out", path.join(at, "out"), "--to"];
      return { good: [...words, "SCAS"], bad: [...words, "nobody"] };
    },
    check: (at) => ({ good: [path.join(made.folder, "out")], bad: [path.join(at, "dirty")] }),
    verify: (at) => ({ good: [made.packagePath], bad: [path.join(at, "nowhere")] }),
    inspect: (at) => ({ good: [made.packagePath], bad: [path.join(at, "nowhere")] }),
    list: (at) => ({ good: [made.packagePath], bad: [path.join(at, "nowhere")], unit: "b" }),
    open: (at) => {
      const out = ["--out", path.join(at, "opened")];
      return { good: [made.packagePath, ...out], bad: [at, ...out], unit: "b" };
    },
    salvage: (at) => {
      const out = ["--out", path.join(at, "opened")];
      return { good: [made.packagePath, ...out], bad: [at, ...out], unit: "b" };
    },
    clean: (at) => ({ good: [path.join(at, "left"), "--yes"], bad: [path.join(at, "nowhere")] }),
    policy: () => ({ good: [], bad: ["more"] }),
    doctor: (at) => ({ good: ["--report", path.join(at, "report.html")], bad: ["--report", made.a.home] }),
    completion: () => ({ good: ["bash"], bad: ["tcsh"] }),
  };

  test("is held against its schema for each of them", () => {
    expect([...Object.keys(runs), ...beside].sort()).toEqual(Object.keys(jsonDocuments).sort());
  });

  // In this order: contacts are removed after nobody needs them any more.
  const last = ["contacts remove"];
  test.each([...Object.keys(runs).filter((name) => !last.includes(name)), ...last])("%s", async (name) => {
    const { good, bad, unit = "a" } = runs[name]?.(scratch) ?? { good: [], bad: [] };
    const home = name === "keygen" ? path.join(scratch, "new") : made[unit].home;
    const ask = async (words: readonly string[]): Promise<[number | null, unknown]> => {
      const { code, stdout, stderr } = await run([...name.split(" "), ...words, "--json"], { home });
      expect(stdout).toMatch(/^\{.*\}\n$/);
      expect(stderr).not.toMatch(/^\{/m);
      return [code, JSON.parse(stdout)];
    };
    const [failed, refusal] = await ask(bad);
    expect(failed).not.toBe(0);
    if (name === "check")
      expect([complaintsAbout(refusal, name), refusal]).toEqual([[], expect.objectContaining({ ok: false })]);
    else expect([complaintsAbout(refusal, "error"), refusal]).toEqual([[], { error: expect.anything() as unknown }]);
    const [done, document] = await ask(good);
    expect([done, complaintsAbout(document, name)]).toEqual([0, []]);
  });

  test("of an evseal that does not start", async () => {
    const { code, stdout } = await run(["card", "--json"], { ...made.a, env: { NODE_DEBUG: "stream" } });
    expect([code, complaintsAbout(JSON.parse(stdout), "error")]).toEqual([2, []]);
  });

  test("of progress, on stderr", async () => {
    const out = scratchFolder();
    const words = ["pack", path.join(made.folder, "interview"), "--to", made.b.unit, "--out", out];
    await run(["contacts", "add", cardOf(made.b), "--fingerprint", made.b.words], made.a);
    const { code, stderr } = await run([...words, "--progress", "json"], made.a);
    expect(code).toBe(0);
    const events = stderr.split("\n").filter((line) => line.startsWith("{"));
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) expect(complaintsAbout(JSON.parse(event), "progress")).toEqual([]);
  });
});
