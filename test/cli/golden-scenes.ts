/** What the four people do whose screens are kept: each scene once, whatever it is shown on. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keys, type Step } from "./on-terminal.js";
import { makeUnit, run, type OwnCard } from "./run.js";

/** Where all scenes are played. */
export let place: string;
export let force: OwnCard;
export let scas: OwnCard;

const passphrase = "correct horse battery staple";
const { enter, space } = keys;

export async function setTheStage(): Promise<void> {
  place = mkdtempSync(path.join(tmpdir(), "evseal-screens-"));
  const interview = fileURLToPath(new URL("../../fixtures/interview", import.meta.url));
  cpSync(interview, path.join(place, "interview"), { recursive: true });
  force = await makeUnit(path.join(place, "force"), "Force A");
  scas = await makeUnit(path.join(place, "scas"), "SCAS");
  await makeUnit(path.join(place, "lonely"), "Force C");
  await run(["card", "--out", path.join(place, "force.card.json")], force);
  await run(["card", "--out", path.join(place, "scas.card.json")], scas);
  await run(["contacts", "add", path.join(place, "scas.card.json"), "--fingerprint", scas.words], force);
  await run(["contacts", "add", path.join(place, "force.card.json"), "--fingerprint", force.words], scas);
  empty("sealed");
  await run(pack("sealed"), { home: force.home, cwd: place });
}

export function clearTheStage(): void {
  rmSync(place, { recursive: true });
}

const pack = (out: string): string[] => [
  ...["pack", "interview", "--to", "SCAS", "--out", out],
  ...["--case", "2026/114", "--exhibit", "LH/1", "--officer", "DC 4411"],
];

export interface Scene {
  readonly file: string;
  readonly title: string;
  readonly words: () => readonly string[];
  readonly unit: () => OwnCard | { readonly home: string };
  /** What is typed, where evseal asks; on a pipe it must not ask. */
  readonly talk?: () => readonly Step[];
  /** Before each run: empty folders to write to. */
  readonly prepare?: () => void;
}

export function empty(name: string): string {
  rmSync(path.join(place, name), { recursive: true, force: true });
  mkdirSync(path.join(place, name));
  return path.join(place, name);
}

export const scenes: readonly Scene[] = [
  {
    ...{ file: "officer-1-alone", title: "evseal, before there are keys", words: () => [] },
    unit: () => ({ home: path.join(place, "none") }),
  },
  {
    ...{ file: "officer-2-keygen", title: "evseal keygen", words: () => ["keygen", "--unit", "Force B", "--classic"] },
    prepare: () => rmSync(path.join(place, "new"), { recursive: true, force: true }),
    unit: () => ({ home: path.join(place, "new") }),
    talk: () => [
      { until: "new passphrase (", type: `short${enter}` },
      { until: "new passphrase (", type: passphrase + enter },
      { until: "the same again", type: passphrase + enter },
    ],
  },
  {
    ...{ file: "officer-3-contacts-add", title: "evseal contacts add CARD" },
    words: () => ["contacts", "add", "scas.card.json"],
    prepare: () => rmSync(path.join(place, "lonely", "contacts"), { recursive: true, force: true }),
    unit: () => ({ home: path.join(place, "lonely") }),
    talk: () => [{ until: "sixteen groups:", type: scas.words + enter }],
  },
  {
    ...{ file: "officer-4-pack", title: "evseal pack", words: () => ["pack"], unit: () => force },
    prepare: () => empty("to-burn"),
    talk: () => [
      { until: "file or folder to seal:", type: `interview${enter}` },
      { until: "another one", type: enter },
      { until: "which units may open it?", type: space },
      { until: "[x] SCAS", type: enter },
      { until: "folder to put the package into:", type: `to-burn${enter}` },
      { until: "case reference", type: `2026/114${enter}` },
      { until: "exhibit reference", type: `LH/1${enter}` },
      { until: "another exhibit reference", type: enter },
      { until: "who seals it", type: `DC 4411${enter}` },
      { until: "why it is sent", type: enter },
      { until: "seal it now?", type: enter },
    ],
  },
  {
    ...{ file: "technician-1-pack", title: "evseal pack, all said", words: () => pack("to-burn"), unit: () => force },
    prepare: () => empty("to-burn"),
  },
  {
    ...{ file: "technician-2-check-found", title: "evseal check, and a video lies beside the package" },
    words: () => ["check", "tray", "--expect", "SCAS"],
    unit: () => force,
    prepare: (): void => {
      empty("tray");
      cpSync(path.join(place, "sealed"), path.join(place, "tray"), { recursive: true });
      cpSync(path.join(place, "interview", "camera 1.mp4"), path.join(place, "tray", "camera 1.mp4"));
      writeFileSync(path.join(place, "tray", "Thumbs.db"), "");
    },
  },
  {
    ...{ file: "technician-3-check", title: "evseal check", words: () => ["check", "sealed", "--expect", "SCAS"] },
    unit: () => force,
  },
  {
    ...{ file: "technician-4-refused", title: "evseal pack into the folder that is sealed", unit: () => force },
    words: () => pack("interview"),
  },
  {
    ...{ file: "clerk-1-alone", title: "evseal alone, ready to work", words: () => [], unit: () => scas },
  },
  {
    ...{ file: "clerk-2-verify", title: "evseal verify", unit: () => scas, words: () => ["verify", sealedPath()] },
  },
  {
    ...{ file: "clerk-3-list", title: "evseal list", unit: () => scas, words: () => ["list", sealedPath()] },
  },
  {
    ...{ file: "clerk-4-open", title: "evseal open", words: () => ["open"], unit: () => scas },
    prepare: () => empty("opened"),
    talk: () => [
      { until: "folder of the package", type: sealedPath() + enter },
      { until: "folder to open it into:", type: `opened${enter}` },
    ],
  },
  {
    ...{ file: "clerk-5-damaged", title: "evseal open of a damaged package", unit: () => scas },
    prepare: (): void => {
      empty("damaged");
      empty("opened");
      const damaged = path.join(place, "damaged", path.basename(sealedPath()));
      cpSync(path.join(place, sealedPath()), damaged, { recursive: true });
      truncateSync(path.join(damaged, `${path.basename(damaged)}.evseal`), 200_000);
    },
    words: () => ["open", path.join("damaged", path.basename(sealedPath())), "--out", "opened"],
  },
  {
    ...{ file: "script-1-pack", title: "evseal pack --json", words: () => [...pack("to-burn"), "--json"] },
    prepare: () => empty("to-burn"),
    unit: () => force,
  },
  {
    ...{ file: "script-2-unknown-unit", title: "evseal pack --json to a unit that nobody knows", unit: () => force },
    prepare: () => empty("to-burn"),
    words: () => ["pack", "interview", "--to", "SCASS", "--out", "to-burn", "--json"],
  },
  {
    ...{ file: "script-3-progress", title: "evseal verify --quiet", unit: () => scas },
    words: () => ["verify", sealedPath(), "--quiet"],
  },
];

function sealedPath(): string {
  return path.join("sealed", readdirSync(path.join(place, "sealed"))[0] ?? "");
}
