import type { Command } from "commander";
import type { CheckCommandOptions } from "./commands/check.js";
import type { CleanOptions } from "./commands/clean.js";
import type { ListOptions } from "./commands/list.js";
import type { GivenSalvageOptions } from "./commands/salvage.js";
import type { VerifyOptions } from "./commands/verify.js";
import { endHelp } from "./exit-help.js";
import type { GivenOpenOptions } from "./open-options.js";
import type { GivenPackOptions } from "./pack-options.js";
import { addPassphraseOptions } from "./passphrase-options.js";
import type { Session } from "./session.js";

/** pack, check, verify, inspect, list, open, salvage and clean. A command's own code is loaded when it runs. */
export function addPackageCommands(program: Command, session: Session): void {
  addPack(program, session);
  addCheck(program, session);
  addVerify(program, session);
  addInspect(program, session);
  addList(program, session);
  addOpen(program, session);
  addSalvage(program, session);
  addClean(program, session);
}

/** For options that are said once for each value: a list of values after one option would swallow the paths. */
function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

function addPack(program: Command, session: Session): void {
  const command = program
    .command("pack")
    .usage("<path...> --to <unit> --out <dir> [options]")
    .argument("[path...]", "the files and folders to seal")
    .description(
      "Seals files and folders into one package that only the named units can open, signs it, and reads it back. " +
        "The originals are only read: they stay where they are, in the clear. On a terminal it asks for what is missing.",
    )
    .summary("seal files and folders into one package")
    .option("--to <unit>", "a contact's name or fingerprint; repeat it for each unit", collect)
    .option("--out <dir>", "an existing folder that holds nothing but packages")
    .option(
      "--volume-size <size>",
      "cut it for discs: dvd, dvd-dl, bd25, bd50, fat32, or what one holds, such as 700MB",
    )
    .option("--case <reference>", "case reference, kept inside the seal")
    .option("--exhibit <reference>", "exhibit reference, kept inside the seal; repeat it for each exhibit", collect)
    .option("--officer <name>", "who seals it, kept inside the seal")
    .option("--reason <text>", "why it is sent, kept inside the seal")
    .option("--record <file>", "JSON with case, exhibits, officer, reason: keeps them out of the process list")
    .option("--signing-key <file>", "sign with this minisign secret key (default: the one in EVSEAL_HOME)");
  addPassphraseOptions(command);
  endHelp(
    command,
    [
      "evseal pack ./interview --to SCAS --out ./to-burn",
      "evseal pack ./VIDEO_TS notes.wav --to SCAS --to CPS --out ./to-burn",
      "evseal pack ./interviews --to SCAS --out ./to-burn --volume-size dvd",
    ],
    [0, 1, 2, 3, 5, 7, 8, 130],
  ).action(async (paths: readonly string[], options: GivenPackOptions) => {
    const { packGiven } = await import("./commands/pack.js");
    await packGiven(session, paths, options);
  });
}

function addCheck(program: Command, session: Session): void {
  const command = program
    .command("check")
    .argument("<path>", "a folder about to be burned, an image of a disc, a drive, or a mounted disc")
    .description(
      "Looks whether a folder or a disc holds nothing but complete, valid, sealed packages, signed by your unit or a " +
        "contact, for units you know. Anything else in it, however small, and the answer is no: do not burn it, do " +
        "not send it. Where the answer is yes it prints a digest, by which the same can be checked again.",
    )
    .summary("say whether a folder or a disc may leave the building")
    .option("--expect <unit>", "every package must be for this unit and no other; repeat it for each unit", collect)
    .option("--expect-digest <digest>", "the folder or disc must still be the one that had this digest");
  endHelp(
    command,
    [
      "evseal check ./to-burn --expect SCAS",
      "evseal check disc.iso --expect-digest 5a0c-91be-…",
      "evseal check /dev/sr0 --expect-digest 5a0c-91be-…",
      "evseal check ./to-burn --json",
    ],
    [0, 1, 2, 3, 5, 8, 130],
  ).action(async (path: string, options: CheckCommandOptions) => {
    const { check } = await import("./commands/check.js");
    await check(session, path, options);
  });
}

function addVerify(program: Command, session: Session): void {
  const command = program
    .command("verify")
    .argument("<package...>", "the folder of a package, or the disc that it is on, or each of its discs")
    .description(
      "Proves that a package is whole and whose it is. It needs no private key: the carrier, the post room or the " +
        "regulator can run it. The signer must be a contact, your own unit, or the one named.",
    )
    .summary("prove that a package is whole, and whose it is")
    .option("--signer <card-or-key>", "also accept this signer: a card, a minisign .pub file, or the key itself (RW…)");
  endHelp(
    command,
    [
      "evseal verify /media/dvd/EV-7K3Q-9M2X-TB4H",
      "evseal verify /media/disc1 /media/disc2",
      "evseal verify EV-7K3Q-9M2X-TB4H --signer force-a.card.json",
    ],
    [0, 1, 2, 3, 4, 5, 6, 8, 130],
  ).action(async (paths: readonly string[], options: VerifyOptions) => {
    const { verify } = await import("./commands/verify.js");
    await verify(session, paths, options);
  });
}

function addInspect(program: Command, session: Session): void {
  const command = program
    .command("inspect")
    .argument("<package>", "the folder of a package, or the disc that it is on")
    .description("Shows what can be known about a package without a key: what its label claims. It proves nothing.")
    .summary("show what can be known without a key");
  endHelp(command, ["evseal inspect EV-7K3Q-9M2X-TB4H"], [0, 1, 2, 4, 5, 6, 8]).action(async (path: string) => {
    const { inspect } = await import("./commands/inspect.js");
    await inspect(session, path);
  });
}

function addList(program: Command, session: Session): void {
  const command = program
    .command("list")
    .argument("<package>", "the folder of a package, or the disc that it is on")
    .description("Lists what a package sealed to your unit holds, without opening it.")
    .summary("list what a package to your unit holds");
  addOpeningOptions(command);
  endHelp(
    command,
    ["evseal list EV-7K3Q-9M2X-TB4H", "evseal list EV-7K3Q-9M2X-TB4H --json --passphrase-fd 3 3< FILE"],
    [0, 1, 2, 4, 5, 6, 7, 8, 130],
  ).action(async (path: string, options: ListOptions) => {
    const { list } = await import("./commands/list.js");
    await list(session, path, options);
  });
}

function addOpen(program: Command, session: Session): void {
  const command = program
    .command("open")
    .usage("<package...> --out <dir> [options]")
    .argument("[package...]", "the folder of a package, or the disc that it is on, or each of its discs; also copies")
    .description(
      "Verifies everything about a package sealed to your unit, then writes its files below a folder. If a single " +
        "check fails, nothing is written there. Of a package that is damaged name two copies: what one of them has " +
        "lost is taken from the other. On a terminal it asks for what is missing.",
    )
    .summary("verify a package to your unit, then extract it")
    .option("--out <dir>", "an existing folder; the files go into a new folder below it")
    .option("--only <glob>", "only the files whose path in the package matches, such as '**/*.mp4'");
  addOpeningOptions(command);
  endHelp(
    command,
    [
      "evseal open /media/dvd/EV-7K3Q-9M2X-TB4H --out ./opened",
      "evseal open /media/disc1 /media/disc2 --out ./opened",
      "evseal open ./copy1 ./copy2 --out ./opened",
      "evseal open PACKAGE --out ./opened --only '**/*.wav'",
    ],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 130],
  ).action(async (paths: readonly string[], options: GivenOpenOptions) => {
    const { openGiven } = await import("./commands/open.js");
    await openGiven(session, paths, options);
  });
}

function addSalvage(program: Command, session: Session): void {
  const command = program
    .command("salvage")
    .usage("<package...> --out <dir> [options]")
    .argument("<package...>", "the folder of a damaged package, or each of its discs that there is; also copies")
    .description(
      "Recovers from a package that evseal open refuses, because it is damaged or not all there, the files that are " +
        "still whole: each has the content that was sealed and signed. They go into a folder called " +
        "UNVERIFIED-PARTIAL-EV-…, with a report of what is lost. Label and manifest must be proven, from any copy.",
    )
    .summary("recover what is whole in a damaged package")
    .option("--out <dir>", "an existing folder; the files go into a new folder below it");
  addOpeningOptions(command);
  endHelp(
    command,
    [
      "evseal salvage /media/dvd/EV-7K3Q-9M2X-TB4H --out ./opened",
      "evseal salvage /media/copy1 /media/copy2 --out ./opened",
    ],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 130],
  ).action(async (paths: readonly string[], options: GivenSalvageOptions) => {
    const { salvage } = await import("./commands/salvage.js");
    await salvage(session, paths, options);
  });
}

function addClean(program: Command, session: Session): void {
  const command = program
    .command("clean")
    .argument("<dir>", "an output folder of pack, open or salvage")
    .description(
      "Removes what interrupted runs of pack, open and salvage have left in a folder, and of other commands in your own " +
        "home. It leaves alone what another evseal is at work on, and what evseal did not put there.",
    )
    .summary("remove what interrupted runs have left")
    .option("--yes", "remove them without asking");
  endHelp(command, ["evseal clean ./to-burn", "evseal clean ./opened --yes"], [0, 1, 2, 3, 8, 130]).action(
    async (folder: string, options: CleanOptions) => {
      const { clean } = await import("./commands/clean.js");
      await clean(session, folder, options);
    },
  );
}

function addOpeningOptions(command: Command): void {
  addPassphraseOptions(
    command.option("--identity <file>", "open with this age identity (default: the one in EVSEAL_HOME)"),
  );
}
