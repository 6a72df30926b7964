/** The judge says yes to what is whole and no to everything else: else its verdicts would mean nothing. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../cli/run.js";
import { describeWith } from "../interop/programs.js";
import type { Judgement } from "./judge.js";
import { judgeAll, newPlace, violationsOf, type Command } from "./trial.js";
import { makeWorld, newFolder, sendingUnit, type World } from "./world.js";

/** Changes a folder with one result in it, which stands at `result` under the seal number `seal`. */
type Damage = (result: string, seal: string, out: string) => void;

const flip = (name: (seal: string) => string, at: number): Damage => {
  return (result, seal) => {
    const content = readFileSync(path.join(result, name(seal)));
    const offset = at < 0 ? content.length + at : at;
    content.writeUInt8(content.readUInt8(offset) ^ 1, offset);
    writeFileSync(path.join(result, name(seal)), content);
  };
};
const cut = (name: (seal: string) => string): Damage => {
  return (result, seal) => {
    writeFileSync(path.join(result, name(seal)), readFileSync(path.join(result, name(seal))).subarray(0, -4));
  };
};
/** The times of a package's files are the sealing instant; so a damage must not be caught by its time alone. */
const keepingTimes = (damage: Damage): Damage => {
  return (result, seal, out) => {
    const { sealedAt } = JSON.parse(readFileSync(path.join(result, `${seal}.label.json`), "utf8")) as {
      sealedAt: string;
    };
    damage(result, seal, out);
    if (!existsSync(result)) return;
    for (const name of [...readdirSync(result), "."])
      utimesSync(path.join(result, name), new Date(sealedAt), new Date(sealedAt));
  };
};

const container = (seal: string): string => `${seal}.evseal`;
const manifest = (seal: string): string => `${seal}.manifest.evseal`;
const label = (seal: string): string => `${seal}.label.json`;
const signature = (seal: string): string => `${seal}.label.json.minisig`;
const howTo = (): string => "HOW-TO-OPEN.txt";

const damagedPackages: Readonly<Record<string, Damage>> = {
  ...Object.fromEntries(
    [container, manifest, label, signature, howTo].flatMap((name) => [
      [`a bit of ${name("EV")} turned over`, keepingTimes(flip(name, -40))],
      [`${name("EV")} cut short`, keepingTimes(cut(name))],
      [`${name("EV")} missing`, keepingTimes((result, seal) => rmSync(path.join(result, name(seal))))],
    ]),
  ),
  "a file beside it": keepingTimes((_result, _seal, out) => writeFileSync(path.join(out, "note.txt"), "")),
  "a file in it": keepingTimes((result) => writeFileSync(path.join(result, "note.txt"), "")),
  "another name": keepingTimes((result) => renameSync(result, path.join(result, "../EV-0000-0000-0000"))),
  "a file that others can read": keepingTimes((result, seal) => chmodSync(path.join(result, container(seal)), 0o644)),
  "another time": (result, seal) => utimesSync(path.join(result, container(seal)), 1, 1),
};

const damagedOpened: Readonly<Record<string, Damage>> = {
  "a bit of a file turned over": (result) => flip(() => mediaFile(result), 0)(result, "", ""),
  "a file cut short": (result) => cut(() => mediaFile(result))(result, "", ""),
  "a file missing": (result) => rmSync(path.join(result, mediaFile(result))),
  "a file more": (result) => writeFileSync(path.join(result, "media", "more"), ""),
  "a bit of the manifest turned over": flip(() => "manifest.json", 30),
  "a bit of the proof turned over": flip(() => "manifest.json.minisig", -10),
  "the padding beside it": (result) => writeFileSync(path.join(result, "padding"), ""),
};

const replaced =
  (name: string, by: (card: string) => string) =>
  (home: string): void => {
    const content = readFileSync(path.join(home, name), "utf8");
    writeFileSync(path.join(home, name), by(content));
    expect(readFileSync(path.join(home, name), "utf8")).not.toBe(content);
  };
/** Changes a home with a unit and one contact in it; `other` is another unit's. */
const damagedHomes: Readonly<Record<string, (home: string, other: string) => void>> = {
  "another unit's name": replaced("card.json", (card) => card.replace("Force A", "Force B")),
  "half of a card": replaced("card.json", (card) => card.slice(0, 100)),
  "no identity": (home) => rmSync(path.join(home, "receiving.age")),
  "half of a signing key": replaced("signing.key", (key) => key.slice(0, 150)),
  ...Object.fromEntries(
    ["receiving.age", "signing.key", "signing.pub", "card.json"].map((name) => [
      `another unit's ${name}`,
      (home: string, other: string) => cpSync(path.join(other, name), path.join(home, name)),
    ]),
  ),
  "a contact that was altered": (home) => {
    const [name = ""] = readdirSync(path.join(home, "contacts"));
    replaced(path.join("contacts", name), (card) => card.replace("SCAS", "SCAT"))(home);
  },
  "a key that others can read": (home) => chmodSync(path.join(home, "receiving.age"), 0o644),
  "a folder that others can read": (home) => chmodSync(path.join(home, "contacts"), 0o755),
  "a file more": (home) => writeFileSync(path.join(home, "core"), "", { mode: 0o600 }),
};

function mediaFile(result: string): string {
  const files = readdirSync(path.join(result, "media"), { recursive: true, withFileTypes: true });
  const file = files.find(
    (entry) => entry.isFile() && readFileSync(path.join(entry.parentPath, entry.name)).length > 0,
  );
  return file === undefined ? "" : path.relative(result, path.join(file.parentPath, file.name));
}

describeWith(["cc", "age", "minisign", "python3"], "the judge", () => {
  let world: World;
  const results: Partial<Record<Command, string>> = {};
  beforeAll(async () => {
    world = await makeWorld();
    const { out } = newPlace(world);
    await run(["open", world.sealed, "--out", out], { home: world.homes.receiver });
    results.open = path.join(out, `${path.basename(world.sealed)}.opened`);
    results.pack = world.sealed;
  });
  afterAll(() => world.end());

  async function violations(command: Command, damage: Damage): Promise<readonly string[]> {
    const { out } = newPlace(world);
    const seal = path.basename(world.sealed);
    const result = path.join(out, path.basename(results[command] ?? ""));
    cpSync(results[command] ?? "", result, { recursive: true, preserveTimestamps: true });
    damage(result, seal, out);
    const [judgement] = await judgeAll(world, { command }, [out]);
    expect(judgement?.results.length).toBe(1);
    return judgement?.violations ?? [];
  }

  test.each<Command>(["pack", "open"])("accepts what %s makes", async (command) => {
    const untouched: Damage = () => undefined;
    expect(await violations(command, command === "pack" ? keepingTimes(untouched) : untouched)).toEqual([]);
  });

  test.each(Object.entries(damagedPackages))("refuses a package with %s", async (_what, damage) => {
    expect(await violations("pack", damage)).toHaveLength(1);
  });

  test.each(Object.entries(damagedOpened))("refuses an opened folder with %s", async (_what, damage) => {
    expect(await violations("open", damage)).toHaveLength(1);
  });

  async function judgedHome(damage: (home: string, other: string) => void): Promise<Judgement> {
    const home = path.join(newFolder(world), "keys");
    cpSync(world.homes.sender, home, { recursive: true });
    damage(home, world.homes.receiver);
    const cards = [createHash("sha256").update(readFileSync(world.cards.receiver.file)).digest("hex")];
    return await world.judge.judge({ folder: home, makes: "home", unit: sendingUnit, cards });
  }

  test("accepts a home, one without a card as partial, and one that is not there", async () => {
    const { results, partials, violations } = await judgedHome(() => undefined);
    expect([results.length, results[0], partials, violations]).toEqual([2, "unit", [], []]);
    expect(await judgedHome((home) => rmSync(path.join(home, "card.json")))).toMatchObject({
      partials: ["receiving.age", "signing.key", "signing.pub"],
      violations: [],
    });
    expect(await judgedHome((home) => rmSync(home, { recursive: true }))).toMatchObject({
      results: [],
      violations: [],
    });
  });

  test.each(Object.entries(damagedHomes))("refuses a home with %s", async (_what, damage) => {
    expect((await judgedHome(damage)).violations).toHaveLength(1);
  });

  test("refuses a staging folder with anything in the clear, and accepts the beginnings of sealed files", async () => {
    for (const [content, expected] of [
      ["age-encryption.org/v1\n-> X25519 ", 0],
      ["age-encr", 0],
      ["ID3 some music", 1],
    ] as const) {
      const { out } = newPlace(world);
      const seal = "EV-0000-0000-0000";
      mkdirSync(path.join(out, `.${seal}.partial`), { mode: 0o700 });
      writeFileSync(path.join(out, `.${seal}.partial`, container(seal)), content, { mode: 0o600 });
      const [judgement] = await judgeAll(world, { command: "pack" }, [out]);
      expect(judgement).toMatchObject({ results: [], partials: [`.${seal}.partial`] });
      expect(judgement?.violations).toHaveLength(expected);
    }
  });

  test("is asked all it must be: each way to end that is not expected is a violation", () => {
    const place = newPlace(world);
    const error = '{"error":{"code":"OUTPUT_FAILED","message":"m","hint":"h","exitCode":8}}\n';
    const none = { results: [], partials: [], violations: [] };
    const ended = {
      code: 8,
      stdout: error,
      stderr: "",
      calls: [],
      firedAt: undefined,
      hit: undefined,
      judgements: [none],
      place,
    };
    const verdict = (ran: Partial<typeof ended>, codes = [8]): string[] =>
      violationsOf(world, { command: "pack" }, { ...ended, ...ran }, { codes });

    expect(verdict({})).toEqual([]);
    expect(verdict({}, [7])).toEqual(["exit code 8 (OUTPUT_FAILED), not 7"]);
    expect(verdict({ judgements: [{ ...none, results: ["EV"] as never[] }] })).toHaveLength(1);
    expect(verdict({ judgements: [{ ...none, partials: [".EV"] as never[] }] })).toHaveLength(1);
    expect(verdict({ judgements: [{ ...none, violations: ["it is bad"] as never[] }] })).toEqual(["it is bad"]);
    expect(verdict({ code: 0, stdout: "" }, [0])).toEqual(["exit code 0 with 0 results"]);
    expect(verdict({ stdout: error.replace("8", "7") })).toEqual(["the document has another exit code"]);
    expect(verdict({ stderr: path.basename(world.source) })).toEqual(["name 0 (raw) in stderr"]);
    writeFileSync(path.join(place.tmp, "spooled"), "");
    expect(verdict({})).toEqual(["wrote into tmp"]);
    writeFileSync(path.join(place.out, "spooled"), path.basename(world.source));
    expect(verdict({})).toEqual(["wrote into tmp", "name 0 (raw) in out/spooled"]);
  });
});
