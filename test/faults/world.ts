import { createHash, randomUUID } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeUnit, run, type OwnCard } from "../cli/run.js";
import { Canaries, tiled, uniqueText, type Canary } from "../leak/canaries.js";
import { Judge, type SourceState } from "./judge.js";
import { buildShim } from "./shim.js";

/** Two units that know each other, an interview, a package of it, and a judge: what all campaigns start from. */
export interface World {
  readonly folder: string;
  readonly shim: string;
  readonly judge: Judge;
  readonly homes: Homes;
  /** Where the cards of both are, and their fingerprints. */
  readonly cards: Readonly<Record<keyof Homes, OwnCard & { readonly file: string }>>;
  /** The folder that is packed. */
  readonly source: string;
  readonly sources: Readonly<Record<string, SourceState>>;
  /** A package of it. */
  readonly sealed: string;
  /** The sender's minisign public key. */
  readonly senderKey: string;
  /** The words of a command line that packs `source`, all but --out. */
  readonly packing: readonly string[];
  readonly canaries: Canaries;
  end(): void;
}

interface Homes {
  readonly sender: string;
  readonly receiver: string;
}

export const sendingUnit = "Force A";
const receivingUnit = "SCAS";

/** The sizes are chosen for several chunks, a file without content, and an end in the middle of a block. */
const fileSizesBytes = [150_000, 0, 70_001];

export async function makeWorld(sizesBytes: readonly number[] = fileSizesBytes): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-faults-"));
  const homes = { sender: path.join(folder, "sender"), receiver: path.join(folder, "receiver") };
  const cards = await introduce(homes);

  const content = uniqueText();
  const names = [uniqueText(), uniqueText(), uniqueText()];
  const source = path.join(folder, names[0] ?? "");
  makeSources(source, names, content, sizesBytes);

  const [reference, exhibit, officer, reason] = [uniqueText(), uniqueText(), uniqueText(), uniqueText()];
  const record = ["--case", reference, "--exhibit", exhibit, "--officer", officer, "--reason", reason];
  const canaries: Canary[] = [
    { name: "content", value: content },
    ...names.map((value, index) => ({ name: `name ${index}`, value })),
    ...[reference, exhibit, officer, reason].map((value, index) => ({ name: `record ${index}`, value })),
    ...keyCanaries(homes.sender),
    ...keyCanaries(homes.receiver),
  ];

  const packing = ["pack", source, "--to", receivingUnit, ...record];
  const out = path.join(folder, "sealed");
  mkdirSync(out);
  await must(run([...packing, "--out", out], { home: homes.sender }));
  const judge = new Judge();
  return {
    folder,
    shim: await buildShim(folder),
    judge,
    homes,
    cards,
    source,
    sources: statesBelow(source),
    sealed: path.join(out, readdirSync(out)[0] ?? ""),
    senderKey: readFileSync(path.join(homes.sender, "signing.pub"), "utf8").split("\n")[1] ?? "",
    packing,
    canaries: new Canaries(canaries),
    end: () => {
      judge.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each file of a source folder as it is now, under the path that it gets in a package. */
export function statesBelow(source: string): Record<string, SourceState> {
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const location = path.join(parentPath, name);
      const sha256 = [createHash("sha256").update(readFileSync(location)).digest("hex")];
      const { mtimeNs } = statSync(location, { bigint: true });
      return [path.relative(path.dirname(source), location), { sha256, modified: mtimeNs.toString() }];
    }),
  );
}

/** Files of the tiled `content`, the first in the folder itself, the others one folder deeper. */
function makeSources(source: string, names: readonly string[], content: string, sizesBytes: readonly number[]): void {
  const [, file = "", folder = ""] = names;
  mkdirSync(path.join(source, folder), { recursive: true });
  for (const [index, sizeBytes] of sizesBytes.entries()) {
    const location = path.join(source, index === 0 ? "" : folder, index === 0 ? file : `${index}${file}.wav`);
    writeFileSync(location, tiled(content, sizeBytes));
    utimesSync(location, 1_790_000_000, 1_790_000_000); // a whole second: a copy can have the same
  }
}

async function introduce(homes: Homes): Promise<World["cards"]> {
  const [sender, receiver] = await Promise.all([
    madeUnit(homes.sender, sendingUnit),
    madeUnit(homes.receiver, receivingUnit),
  ]);
  await must(run(adding(receiver), { home: homes.sender }));
  await must(run(adding(sender), { home: homes.receiver }));
  return { sender, receiver };
}

async function madeUnit(home: string, unit: string): Promise<World["cards"]["sender"]> {
  const card = await makeUnit(home, unit);
  const file = `${home}.card.json`;
  await must(run(["card", "--out", file], { home }));
  return { ...card, file };
}

/** The words that take a unit in. */
export function adding({ file, fingerprint }: World["cards"]["sender"]): string[] {
  return ["contacts", "add", file, "--fingerprint", fingerprint];
}

/** The secret halves of a unit's keys, which have no passphrase here: as they are written, and as bytes. */
function keyCanaries(home: string): Canary[] {
  const identity =
    /AGE-SECRET-KEY-1([0-9A-Z]+)/.exec(readFileSync(path.join(home, "receiving.age"), "utf8"))?.[1] ?? "";
  const line = readFileSync(path.join(home, "signing.key"), "utf8").split("\n")[1] ?? "";
  const seed = Buffer.from(line, "base64").subarray(62, 94); // minisign(1), "Secret key format"
  return [
    { name: "the age identity", value: identity.slice(0, 40) },
    { name: "the signing key", value: seed },
  ];
}

async function must(running: ReturnType<typeof run>): Promise<void> {
  const { code, stderr } = await running;
  if (code !== 0) throw new Error(stderr);
}

/** Another folder of the world, for one run. */
export function newFolder(world: Pick<World, "folder">): string {
  const folder = path.join(world.folder, randomUUID());
  mkdirSync(folder);
  return folder;
}
