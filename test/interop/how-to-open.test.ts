/** HOW-TO-OPEN.txt does what it says: every command in it is typed as it stands there. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { atTerminal } from "./at-terminal.js";
import { shippedHowTos } from "../../src/package/how-to-open.js";
import { run } from "../cli/run.js";
import {
  contentsOf,
  emptyFolder,
  exchange,
  interview,
  newUnit,
  passphrase,
  passphraseFile,
  seal,
  sharedFolder,
  trust,
  type Exchange,
  type Package,
} from "./exchange.js";
import { alteredCopy, cutOntoTwoDiscs } from "./changed-package.js";
import { writeHardNames } from "./hard-names.js";
import { describeWith, describeWithAge13, exec, must, type Around, type Ended } from "./programs.js";

const place = sharedFolder();

/** The lines that a reader types, from the package's own copy. */
function commandsIn(sealed: Package): string[] {
  const text = readFileSync(path.join(sealed.folder, "HOW-TO-OPEN.txt"), "utf8");
  return [...text.matchAll(/^ {2}\$ (.*)$/gm)].map(([, command]) => command ?? "");
}

/** The words behind `evseal` in each line for a reader who has it. */
function evsealCommandsIn(sealed: Package): readonly (readonly string[])[] {
  const text = readFileSync(path.join(sealed.folder, "HOW-TO-OPEN.txt"), "utf8");
  return [...text.matchAll(/^ {2}evseal (.*?)(?: {2,}.*)?$/gm)].map(([, words]) => (words ?? "").split(" "));
}

async function typeEvsealCommands(
  commands: readonly (readonly string[])[],
  { receiver }: Exchange,
  { folder, cwd, discs = [] }: { folder: string; cwd: string; discs?: readonly string[] },
): Promise<void> {
  const words: Readonly<Record<string, string | undefined>> = { FOLDER: folder, DISC1: discs[0], DISC2: discs[1] };
  for (const command of commands) {
    const typed = command.map((word) => words[word] ?? word);
    expect(await run(typed, { home: receiver.home, cwd })).toMatchObject({ code: 0 });
  }
}

/** Types every command in one shell with the text's words set, and stops at the first that fails. */
async function typeCommands(
  sealed: Package,
  { sender, receiver }: Exchange,
  around: Around = {},
): Promise<Ended & { folder: string }> {
  const folder = mkdtempSync(path.join(place, "opened-"));
  const words = {
    PACKAGE: sealed.folder,
    SEAL: sealed.seal,
    SENDER: sender.signingKey,
    KEY: path.join(receiver.home, "receiving.age"),
    FOLDER: folder,
  };
  const commands = ["set -eo pipefail", ...commandsIn(sealed)].join("\n");
  return { ...(await exec("bash", ["-c", commands], { ...around, env: { ...around.env, ...words } })), folder };
}

/** The label's three files and every file of the manifest are OK, and both signatures are over this package. */
function expectEverything(sealed: Package, ended: Ended, files: number): void {
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout.match(/: OK$/gm)).toHaveLength(3 + files);
  expect(ended.stdout).toContain(`Trusted comment: evseal/label/v1 seal=${sealed.seal}\n`);
  expect(ended.stdout).toContain(`Trusted comment: evseal/manifest/v1 seal=${sealed.seal}\n`);
}

test("the text names nothing but what the test sets", () => {
  const words = new Set([...shippedHowTos[0].matchAll(/\$([A-Z]+)/g)].map(([, word]) => word));

  expect([...words].sort()).toEqual(["FOLDER", "KEY", "PACKAGE", "SEAL", "SENDER"]);
});

test("its lines fit into a terminal of 80 columns, but for those to be typed, and the first text is still known", () => {
  const long = shippedHowTos.flatMap((text) => text.split("\n")).filter((line) => line.length > 78);

  expect(long.filter((line) => !line.startsWith("  $ "))).toEqual([]);
  const golden = fileURLToPath(new URL("../../fixtures/golden/classic", import.meta.url));
  const [folder = ""] = readdirSync(golden).filter((name) => name.startsWith("EV-"));
  expect(shippedHowTos.at(-1)).toBe(readFileSync(path.join(golden, folder, "HOW-TO-OPEN.txt"), "utf8"));
});

describeWith(["bash", "age", "minisign", "tar", "sha256sum", "sed"], "a package for a unit with a classic key", () => {
  let units: Exchange;
  let sealed: Package;

  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "classic"), "--classic");
    const names = emptyFolder(place, "names");
    writeHardNames(names);
    sealed = await seal(place, units.sender, units.receiver, [interview, names]);
  });

  test.each(["C.UTF-8", "C"])(
    "opens with age, minisign, tar and sha256sum, as its text says, in locale %s",
    async (locale) => {
      const ended = await typeCommands(sealed, units, { env: { LC_ALL: locale } });

      expectEverything(sealed, ended, 9 + Object.keys(await contentsOf(path.join(place, "names"))).length);
      expect(await contentsOf(path.join(ended.folder, sealed.seal, "media/interview"))).toEqual(
        await contentsOf(interview),
      );
    },
  );

  test.each([
    ["the container", (sealed: Package) => sealed.container, "FAILED"],
    ["the sealed manifest", (sealed: Package) => sealed.manifest, "FAILED"],
    ["the label", (sealed: Package) => sealed.label, "Signature verification failed"],
  ])("stops where one byte of %s is another", async (_, file, complaint) => {
    const altered = alteredCopy(sealed, file(sealed));

    const ended = await typeCommands(altered, units);

    expect(ended.code).not.toBe(0);
    expect(ended.stdout + ended.stderr).toContain(complaint);
    expect(await contentsOf(ended.folder)).toEqual({});
  });

  test("the commands for a reader who has evseal work as well", async () => {
    const folder = emptyFolder(place, "opened by evseal");
    const commands = evsealCommandsIn(sealed).filter((words) => !words.includes("DISC1"));
    await typeEvsealCommands(commands, units, { folder, cwd: sealed.folder });

    expect(commands.map(([command]) => command)).toEqual(["verify", "list", "open"]);
    expect(await contentsOf(path.join(folder, `${sealed.seal}.opened`, "media/interview"))).toEqual(
      await contentsOf(interview),
    );
  });
});

describeWith(["bash", "age", "minisign", "tar", "sha256sum", "sed", "cat"], "a package on two discs", () => {
  let units: Exchange;
  let discs: readonly [Package, Package];
  let together: Package;

  beforeAll(async () => {
    units = await exchange(emptyFolder(place, "on two discs"), "--classic");
    const sealed = await seal(place, units.sender, units.receiver, [interview]);
    discs = await cutOntoTwoDiscs(sealed, units.sender);
    together = { ...sealed, folder: emptyFolder(place, "together") };
    for (const disc of discs) cpSync(disc.folder, together.folder, { recursive: true });
  });

  test("opens from one folder with all their files, as its text says, in parts of odd sizes", async () => {
    const ended = await typeCommands(together, units);

    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout.match(/: OK$/gm)).toHaveLength(2 + 12 + 9); // the manifest, this text, the parts; the media
    expect(await contentsOf(path.join(ended.folder, together.seal, "media/interview"))).toEqual(
      await contentsOf(interview),
    );
  });

  test("stops where one byte of one part is another, and where a disc was not copied", async () => {
    const part = path.join(together.folder, `${together.seal}.evseal.007`);
    for (const incomplete of [alteredCopy(together, part), discs[0], discs[1]]) {
      const ended = await typeCommands(incomplete, units);

      expect(ended.code).not.toBe(0);
      expect(ended.stdout).toContain("FAILED");
      expect(await contentsOf(ended.folder)).toEqual({});
    }
  });

  test("the commands for a reader who has evseal work as well, on the copy and on the discs", async () => {
    const folder = emptyFolder(place, "two discs opened by evseal");
    const commands = evsealCommandsIn(together);
    const onDiscs = commands.filter((words) => words.includes("DISC1"));
    const around = { folder, cwd: together.folder, discs: discs.map((disc) => disc.folder) };
    const opened = path.join(folder, `${together.seal}.opened`);

    for (const set of [commands.filter((words) => !words.includes("DISC1")), onDiscs]) {
      await typeEvsealCommands(set, units, around);
      expect(await contentsOf(path.join(opened, "media/interview"))).toEqual(await contentsOf(interview));
      rmSync(opened, { recursive: true });
    }

    expect(onDiscs).toEqual([["open", "DISC1", "DISC2", "--out", "FOLDER"]]);
  });
});

describeWith(["bash", "age", "minisign", "tar", "python3"], "a package for a unit whose key has a passphrase", () => {
  test("opens where a person types the passphrase, as its text says", async () => {
    const units = emptyFolder(place, "protected");
    const sender = await newUnit(units, "Sender", "--no-passphrase");
    const receiver = await newUnit(units, "Receiver", "--classic", "--passphrase-file", passphraseFile(units));
    await trust(sender, receiver);
    const sealed = await seal(place, sender, receiver, [interview]);
    const folder = emptyFolder(place, "opened at a terminal");
    const script = path.join(units, "commands.sh");
    writeFileSync(script, `set -eo pipefail\n${commandsIn(sealed).join("\n")}\n`);
    const env = { PACKAGE: sealed.folder, SEAL: sealed.seal, SENDER: sender.signingKey, FOLDER: folder };

    // age asks twice: once for the manifest, once for the media.
    const asked = { until: "Enter passphrase", type: `${passphrase}\r` };
    const key = { KEY: path.join(receiver.home, "receiving.age") };
    const ended = await atTerminal(["/bin/bash", script], [asked, asked], { env: { ...env, ...key } });

    expect(ended).toMatchObject({ code: 0, unsaid: 0 });
    expect(ended.stdout.match(/: OK$/gm)).toHaveLength(3 + 9);
    expect(await contentsOf(path.join(folder, sealed.seal, "media/interview"))).toEqual(await contentsOf(interview));
  });
});

describeWithAge13("a package for a unit with a post-quantum key", (age13) => {
  test("opens with age 1.3, minisign, tar and sha256sum, as its text says", async () => {
    const units = await exchange(emptyFolder(place, "hybrid"));
    const sealed = await seal(place, units.sender, units.receiver, [interview]);

    const ended = await typeCommands(sealed, units, { first: age13 });

    expectEverything(sealed, ended, 9);
    expect(await contentsOf(path.join(ended.folder, sealed.seal, "media/interview"))).toEqual(
      await contentsOf(interview),
    );
  });

  test("its protected key opens with the passphrase, and then the package", async () => {
    const units = emptyFolder(place, "protected hybrid");
    const sender = await newUnit(units, "Sender", "--no-passphrase");
    const receiver = await newUnit(units, "Receiver", "--passphrase-file", passphraseFile(units));
    await trust(sender, receiver);
    const sealed = await seal(place, sender, receiver, [interview]);
    const key = path.join(units, "identity.txt");
    const protectedKey = path.join(receiver.home, "receiving.age");

    const env = { AGE_PASSPHRASE: passphrase };
    await must("age", ["-d", "-j", "batchpass", "-o", key, protectedKey], { first: age13, env });
    const listing = await must("bash", ["-c", `age -d -i '${key}' '${sealed.container}' | tar -t`], { first: age13 });

    expect(readFileSync(key, "utf8")).toMatch(/^AGE-SECRET-KEY-PQ-1/m);
    expect(listing.stdout).toContain(`${sealed.seal}/media/interview/camera 1.mp4\n`);
  });
});
