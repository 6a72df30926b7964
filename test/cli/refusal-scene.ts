/** The scene of a refusal: two units, an interview, an output folder; afterwards everything must be as it was. */
import { createHash } from "node:crypto";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { parseCard } from "../../src/keys/card.js";
import { contactFileName, contactOf } from "../../src/keys/contact.js";
import { exitCodes, type ErrorCode } from "../../src/errors.js";
import { errorOf, makeUnit, run, scratchFolder, type OwnCard } from "./run.js";

export const passphrase = "correct horse battery staple";
export const sealed = "EV-0000-0000-0000";

/** Homes of units of every kind, made once: `sender` and `protected` know the others, and `sender` itself too. */
export interface Units {
  readonly folder: string;
  readonly receiver: OwnCard;
}

export async function makeUnits(): Promise<Units> {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-units-"));
  const at = (name: string): string => path.join(folder, name);
  const sender = await makeUnit(at("sender"), "Force A");
  await makeProtected(at("protected"));
  const receiver = await makeUnit(at("receiver"), "SCAS");
  const hybrid = await makeHybrid(at("hybrid"));
  for (const home of [sender.home, at("protected")]) {
    for (const { home: other, fingerprint } of [receiver, hybrid]) {
      const card = path.join(other, "card.json");
      expect(await run(["contacts", "add", card, "--fingerprint", fingerprint], { home })).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("this unit is now trusted") as unknown,
      });
    }
  }
  addOwnCard(sender.home);
  return { folder, receiver };
}

/** Among the contacts, where no command puts it any more: packing itself must still know what it is. */
function addOwnCard(home: string): void {
  const card = path.join(home, "card.json");
  cpSync(card, path.join(home, "contacts", contactFileName(contactOf(parseCard(readFileSync(card))))));
}

async function makeHybrid(home: string): Promise<OwnCard> {
  return JSON.parse((await run(["keygen", "--unit", "CPS", "--no-passphrase", "--json"], { home })).stdout) as OwnCard;
}

async function makeProtected(home: string): Promise<void> {
  const words = ["keygen", "--unit", "Force B", "--classic", "--passphrase-fd", "3"];
  expect(await run(words, { home, fds: { 3: passphrase } })).toMatchObject({ code: 0 });
}

/** A folder with everything in it: `home` (the sender's), `interview`, an empty `out`. */
export interface Scene {
  readonly folder: string;
  readonly home: string;
  readonly interview: string;
  readonly out: string;
}

export function newScene(units: Units, unit = "sender"): Scene {
  const folder = scratchFolder();
  const scene = {
    folder,
    home: path.join(folder, "home"),
    interview: path.join(folder, "interview"),
    out: path.join(folder, "out"),
  };
  cpSync(path.join(units.folder, unit), scene.home, { recursive: true });
  mkdirSync(path.join(scene.interview, "VIDEO_TS"), { recursive: true });
  mkdirSync(scene.out);
  writeFileSync(path.join(scene.interview, "VIDEO_TS", "VTS_01_1.VOB"), Buffer.alloc(300_000, 7));
  return scene;
}

/** Everything as it is: content, kind, mode, and time of change but of the folder in which something came and went. */
function stateOf({ folder, out }: Scene): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name));
  return [folder, ...paths].sort().map((each) => {
    const found = lstatSync(each, { bigint: true });
    const content = found.isFile() ? createHash("sha256").update(readFileSync(each)).digest("hex") : "";
    return [each, found.mode, each === out ? "" : found.mtimeNs, content].join(" ");
  });
}

export interface Row {
  readonly code: ErrorCode;
  /** Makes the scene bad; returns the words after `pack` where they are not the usual ones. */
  readonly arrange: (scene: Scene) => readonly string[] | undefined;
  readonly unit?: "protected";
  readonly fds?: Readonly<Record<number, string>>;
}

export const usual = ({ interview, out }: Scene, to = ["SCAS"]): readonly string[] => {
  return [interview, ...to.flatMap((unit) => ["--to", unit]), "--out", out];
};
/** Runs one row; the code, its exit code, a hint, and that everything is as it was. */
export async function refuse(units: Units, { code, arrange, unit, fds }: Row): Promise<void> {
  const scene = newScene(units, unit);
  const words = arrange(scene) ?? usual(scene);
  const before = stateOf(scene);
  const refused = await run(["pack", ...words, "--json"], { home: scene.home, cwd: scene.folder, ...(fds && { fds }) });
  expect(errorOf(refused)).toMatchObject({
    code,
    exitCode: exitCodes[code],
    hint: expect.stringMatching(/^.{10,}/) as unknown,
  });
  expect(refused.code).toBe(exitCodes[code]);
  expect(refused.stdout + refused.stderr).not.toMatch(/VTS_01|interview|SECRET|correct horse/);
  expect(stateOf(scene)).toEqual(before);
}

/** A file of a size with `text` at a place in it; below zero counts from the end. */
export function media(file: string, sizeBytes: number, text: string, at: number): void {
  const content = Buffer.alloc(sizeBytes, 7);
  content.write(text, at < 0 ? sizeBytes + at : at, "latin1");
  writeFileSync(file, content);
}
