/** One package from keygen to open, on the command line alone; every document that scripts depend on, strictly. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { errorOf, run, scratchFolder, type OwnCard, type RunResult } from "./run.js";
import { cardOf, makeSealedPackage } from "./sealed-package.js";

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const seal = z.string().regex(/^EV(-[0-9A-Z]{4}){3}$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const party = z.strictObject({ unit: z.string(), fingerprint: hex64 });
const container = z.strictObject({ name: z.string(), size: z.int(), sha256: hex64 });
const ownCard = z.strictObject({
  unit: z.string(),
  fingerprint: hex64,
  words: z.string().regex(/^([a-z]+ ){11}[a-z]+$/),
  recipient: z.string().regex(/^age1/),
  signingKey: z.string().regex(/^RW.{54}$/),
  home: z.string(),
});
const contact = z.strictObject({ unit: z.string(), fingerprint: hex64, recipientType: z.string(), expires: instant });

let folder: string;
let a: OwnCard;
let b: OwnCard;
let packed: RunResult;
let packagePath: string;

beforeAll(async () => {
  ({ folder, a, b, packed, packagePath } = await makeSealedPackage());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a document says, once it is exactly what the schema allows. */
function documentOf<T>({ code, stdout }: RunResult, schema: z.ZodType<T>): T {
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return schema.parse(JSON.parse(stdout));
}

describe("the documents of --json", () => {
  test("keygen and card", async () => {
    ownCard.parse(a);
    expect(documentOf(await run(["card", "--json"], a), ownCard)).toEqual(a);
    expect(a.unit).toBe("Force A, interviews");
    expect(a.home).toBe(path.join(folder, "a"));
  });

  test("contacts list, show, add and remove", async () => {
    const listed = documentOf(
      await run(["contacts", "list", "--json"], a),
      z.strictObject({ contacts: z.array(contact) }),
    );
    expect(listed.contacts).toHaveLength(1);
    expect(listed.contacts[0]).toMatchObject({ unit: "SCAS", fingerprint: b.fingerprint, recipientType: "X25519" });
    for (const words of [
      ["show", "scas"],
      ["show", b.fingerprint],
      ["remove", "SCAS"],
      ["add", cardOf(b), "--fingerprint", b.fingerprint],
    ]) {
      expect(documentOf(await run(["contacts", ...words, "--json"], a), contact)).toEqual(listed.contacts[0]);
    }
    expect(errorOf(await run(["contacts", "show", "CPS", "--json"], a)).code).toBe("CONTACT_UNKNOWN");
  });

  test("pack", () => {
    const document = documentOf(
      packed,
      z.strictObject({
        seal,
        package: z.string(),
        sealedAt: instant,
        sender: party,
        recipients: z.array(party),
        files: z.literal(2),
        bytes: z.literal(100_003),
        containers: z.array(container),
        readBack: z.literal(true),
      }),
    );
    expect(document.sender).toEqual({ unit: a.unit, fingerprint: a.fingerprint });
    expect(document.recipients).toEqual([{ unit: b.unit, fingerprint: b.fingerprint }]);
    expect(path.resolve(folder, document.package)).toBe(packagePath);
    expect(packed.stdout + packed.stderr).not.toMatch(/VIDEO_TS|VOB|Zeugin|interview\b|CR-1|AB\/1|PC 42|from the file/);
  });

  test("check", async () => {
    const schema = z.strictObject({
      ok: z.boolean(),
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      packages: z.array(z.strictObject({ seal, path: z.string(), sender: party, recipients: z.array(party) })),
      findings: z.array(z.strictObject({ code: z.string(), path: z.string(), detail: z.string(), hint: z.string() })),
      moreFindings: z.number(),
    });
    const clean = documentOf(await run(["check", path.join(folder, "out"), "--json"], a), schema);
    expect(clean).toMatchObject({ ok: true, packages: [{ seal: path.basename(packagePath) }], findings: [] });

    const tray = scratchFolder();
    cpSync(path.join(folder, "out"), tray, { recursive: true });
    writeFileSync(path.join(tray, "cod.\u202e4pm\n"), "");
    const words = ["check", tray, "--json"];
    const dirty = await run(words, a);
    expect(dirty.code).toBe(3);
    expect(dirty.stderr).toContain("evseal: error CLEAR_FOUND: ");
    const found = schema.parse(JSON.parse(dirty.stdout));
    expect(found.ok).toBe(false);
    expect(found.digest).toBeUndefined();
    expect(found.findings).toHaveLength(1);
    expect(found.findings[0]?.path).toBe(path.join(tray, "cod.\u202e4pm\n"));
    expect(dirty.stdout).toContain("cod.\\u202e4pm\\n");
  });

  test("verify", async () => {
    const document = documentOf(
      await run(["verify", packagePath, "--json"], b),
      z.strictObject({
        ok: z.literal(true),
        seal,
        sealedAt: instant,
        sender: party.extend({ trusted: z.literal(true) }),
        recipients: z.array(party),
        containers: z.array(container),
      }),
    );
    expect(document.sender).toEqual({ unit: a.unit, fingerprint: a.fingerprint, trusted: true });
  });

  test("inspect", async () => {
    const schema = z.strictObject({
      seal,
      sealedAt: instant,
      sender: party.extend({ trusted: z.boolean() }),
      recipients: z.array(party),
      containers: z.array(container),
      stanzas: z.array(z.string()),
    });
    const document = documentOf(await run(["inspect", packagePath, "--json"], b), schema);
    expect(document).toMatchObject({ sender: { trusted: true }, stanzas: ["X25519"] });
    const nobody = path.join(scratchFolder(), "none");
    const asked = documentOf(await run(["inspect", packagePath, "--json"], { home: nobody }), schema);
    expect(asked.sender.trusted).toBe(false);
  });

  test("list is the manifest, with what was said about the case", async () => {
    const document = documentOf(
      await run(["list", packagePath, "--json"], b),
      z.looseObject({ format: z.literal("evseal/manifest/v1"), files: z.array(z.looseObject({ path: z.string() })) }),
    );
    expect(document.files.map((file) => file.path)).toEqual(["Zeugin Müller.wav", "interview/VIDEO_TS/VTS_01_1.VOB"]);
    expect(document["record"]).toEqual({ case: "CR-1", exhibits: ["AB/1", "AB/2"], officer: "PC 42" });
  });

  test("open", async () => {
    const out = path.join(scratchFolder(), "opened");
    mkdirSync(out);
    const document = documentOf(
      await run(["open", packagePath, "--out", out, "--only", "*.wav", "--json"], b),
      z.strictObject({
        seal,
        sender: party,
        out: z.string(),
        files: z.literal(1),
        of: z.literal(2),
        bytes: z.literal(3),
        verified: z.literal(true),
      }),
    );
    expect(readFileSync(path.join(document.out, "media", "Zeugin Müller.wav"), "utf8")).toBe("wav");
  });
});
