import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeUnit, run, type OwnCard, type RunResult } from "./run.js";

export interface SealedPackage {
  /** Holds everything: `interview/`, a WAV file, `record.json`, the units' homes and cards, and `out/`. */
  readonly folder: string;
  /** The sender and the receiver, who know each other. */
  readonly a: OwnCard;
  readonly b: OwnCard;
  /** What `pack --json` said. */
  readonly packed: RunResult;
  readonly packagePath: string;
}

/** Two units that have each other's cards, and a package from the one to the other, by the command line alone. */
export async function makeSealedPackage(): Promise<SealedPackage> {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-cli-"));
  const [a, b] = await Promise.all([
    makeUnit(path.join(folder, "a"), "Force A, interviews"),
    makeUnit(path.join(folder, "b"), "SCAS"),
  ]);
  for (const own of [a, b]) await run(["card", "--out", cardOf(own)], own);
  await run(["contacts", "add", cardOf(b), "--fingerprint", b.words.toUpperCase()], a);
  await run(["contacts", "add", cardOf(a), "--fingerprint", a.words.toUpperCase()], b);
  mkdirSync(path.join(folder, "out"));
  mkdirSync(path.join(folder, "interview", "VIDEO_TS"), { recursive: true });
  writeFileSync(path.join(folder, "interview", "VIDEO_TS", "VTS_01_1.VOB"), Buffer.alloc(100_000, 7));
  writeFileSync(path.join(folder, "Zeugin Müller.wav"), "wav");
  writeFileSync(path.join(folder, "record.json"), JSON.stringify({ case: "from the file", officer: "PC 42" }));
  const record = ["--record", "record.json", "--case", "CR-1", "--exhibit", "AB/1", "--exhibit", "AB/2"];
  const pack = ["pack", "interview", "--to", "scas", "Zeugin Müller.wav", "--out", "out", "--json"];
  const packed = await run([...pack, ...record], { home: a.home, cwd: folder });
  return {
    folder,
    a,
    b,
    packed,
    packagePath: path.join(folder, "out", readdirSync(path.join(folder, "out"))[0] ?? ""),
  };
}

export function cardOf({ home }: OwnCard): string {
  return `${home}.card.json`;
}
