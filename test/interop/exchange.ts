/** Two units that trust each other, and packages from one to the other, made by the built program. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { run } from "../cli/run.js";

export const interview = fileURLToPath(new URL("../../fixtures/interview", import.meta.url));
export const passphrase = "velvet harbour engine 42";

/** A folder for all tests of one file, gone after them. */
export function sharedFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-interop-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs evseal as `home`'s unit; throws with what it said unless it exits 0. Gives back its --json document. */
export async function evseal(home: string, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await run([...args, "--json"], { home });
  if (code !== 0) throw new Error(`evseal ${args[0] ?? ""} ended with ${code ?? "a signal"}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>; // one document, as --json promises
}

export interface Unit {
  readonly unit: string;
  readonly home: string;
  readonly fingerprint: string;
  readonly signingKey: string;
  readonly recipient: string;
}

/** A unit with new keys in a new home below `place`; `flags` are those of keygen. */
export async function newUnit(place: string, unit: string, ...flags: readonly string[]): Promise<Unit> {
  const home = path.join(place, unit);
  await evseal(home, "keygen", "--unit", unit, ...flags);
  const card = await evseal(home, "card", "--out", path.join(place, `${unit}.card.json`));
  return { ...(card as Omit<Unit, "home">), home };
}

/** Makes `who` trust `whom`, whose card and fingerprint reached them as they should. */
export async function trust(who: Unit, whom: Unit): Promise<void> {
  const card = path.join(whom.home, "..", `${whom.unit}.card.json`);
  await evseal(who.home, "contacts", "add", card, "--fingerprint", whom.fingerprint);
}

export interface Package {
  readonly seal: string;
  readonly folder: string;
  readonly container: string;
  readonly manifest: string;
  readonly label: string;
}

/** Seals `sources` to `receiver`, in a new folder below `place`. */
export async function seal(place: string, sender: Unit, receiver: Unit, sources: readonly string[]): Promise<Package> {
  const out = mkdtempSync(path.join(place, "out-"));
  const { seal: number } = await evseal(sender.home, "pack", ...sources, "--to", receiver.unit, "--out", out);
  const folder = path.join(out, String(number));
  const file = (ending: string) => path.join(folder, `${String(number)}${ending}`);
  return {
    seal: String(number),
    folder,
    container: file(".evseal"),
    manifest: file(".manifest.evseal"),
    label: file(".label.json"),
  };
}

export interface Exchange {
  readonly place: string;
  readonly sender: Unit;
  readonly receiver: Unit;
}

/** Two units without passphrases that trust each other; `flags` go to the receiver's keygen. */
export async function exchange(place: string, ...flags: readonly string[]): Promise<Exchange> {
  const sender = await newUnit(place, "Sender", "--no-passphrase");
  const receiver = await newUnit(
    place,
    "Receiver",
    ...(flags.includes("--passphrase-file") ? [] : ["--no-passphrase"]),
    ...flags,
  );
  await trust(sender, receiver);
  await trust(receiver, sender);
  return { place, sender, receiver };
}

/** A file with the passphrase, for --passphrase-file. */
export function passphraseFile(place: string): string {
  const file = path.join(place, "passphrase");
  writeFileSync(file, `${passphrase}\n`, { mode: 0o600 });
  return file;
}

export interface Content {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Every file below `folder`, by its path from there, sorted. */
export async function contentsOf(folder: string): Promise<Record<string, Content>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const contents: Record<string, Content> = {};
  for (const file of files) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
    contents[path.relative(folder, file)] = { sizeBytes: statSync(file).size, sha256: hash.digest("hex") };
  }
  return contents;
}

/** A new empty folder below `place`. */
export function emptyFolder(place: string, name: string): string {
  const folder = path.join(place, name);
  mkdirSync(folder);
  return folder;
}
