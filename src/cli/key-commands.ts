import type { Command } from "commander";
import type { CardOptions } from "./commands/card.js";
import type { DoctorOptions } from "./commands/doctor.js";
import type { GivenKeygenOptions } from "./commands/keygen.js";
import { endHelp } from "./exit-help.js";
import { addPassphraseOptions } from "./passphrase-options.js";
import type { Session } from "./session.js";

/** keygen, card, policy and doctor. A command's own code is loaded when it runs: help and version stay quick. */
export function addKeyCommands(program: Command, session: Session): void {
  addKeygen(program, session);
  addCard(program, session);
  addPolicy(program, session);
  addDoctor(program, session);
}

function addKeygen(program: Command, session: Session): void {
  const command = program
    .command("keygen")
    .usage("--unit <name> [options]")
    .description(
      "Makes the keys of your unit: one to receive with, one to sign with, and the card that you send to others. " +
        "They are kept in EVSEAL_HOME, or else in your own configuration folder.",
    )
    .summary("make the keys of your unit")
    .option("--unit <name>", "the name that other units know yours by")
    .option("--expires <date>", "the card's last day, YYYY-MM-DD (default: in two years)")
    .option("--identity <file>", "take over an age identity instead of making one")
    .option("--signing-key <file>", "take over a minisign secret key instead of making one")
    .addOption(
      program
        .createOption("--classic", "an X25519 key, for partners whose age is older than 1.3 (default: post-quantum)")
        .conflicts("identity"),
    );
  addPassphraseOptions(command).addOption(
    program
      .createOption("--no-passphrase", "leave the keys unprotected: whoever copies the files can use them")
      .conflicts(["passphraseFile", "passphraseFd"]),
  );
  endHelp(
    command,
    ['evseal keygen --unit "Force A, interviews"', 'evseal keygen --unit "Force A, interviews" --passphrase-file FILE'],
    [0, 1, 2, 5, 8, 130],
  ).action(async (options: GivenKeygenOptions) => {
    const { keygen } = await import("./commands/keygen.js");
    await keygen(session, options);
  });
}

function addCard(program: Command, session: Session): void {
  const command = program
    .command("card")
    .description("Shows the card of your own unit with its fingerprint, and copies it to a file to send to others.")
    .summary("show or export your own card")
    .option("--out <file>", "copy the card to this file, which must not be there yet");
  endHelp(command, ["evseal card", "evseal card --out force-a.card.json"], [0, 1, 2, 5, 8]).action(
    async (options: CardOptions) => {
      const { card } = await import("./commands/card.js");
      await card(session, options);
    },
  );
}

function addPolicy(program: Command, session: Session): void {
  const command = program
    .command("policy")
    .description(
      "Says in plain sentences what your unit allows and demands. The rules are in policy.json in EVSEAL_HOME; no option " +
        "overrides them.",
    )
    .summary("say what your unit allows and demands");
  endHelp(command, ["evseal policy", "evseal policy --json"], [0, 1, 2, 5, 8]).action(async () => {
    const { showPolicy } = await import("./commands/policy.js");
    await showPolicy(session);
  });
}

function addDoctor(program: Command, session: Session): void {
  const command = program
    .command("doctor")
    .description(
      "Examines evseal itself against published test vectors, and what it stands on here: the runtime, your keys' " +
        "protection, cards, policy, clock, swap, core dumps and leftovers. It needs no passphrase and changes nothing.",
    )
    .summary("examine evseal and the machine it runs on")
    .option("--report <file>", "also write a validation report to this HTML file, which must not be there yet")
    .option("--out <dir>", "also look for what interrupted runs have left in this output folder");
  endHelp(
    command,
    ["evseal doctor", "evseal doctor --report evseal-validation.html", "evseal doctor --out ./to-burn --json"],
    [0, 1, 2, 5, 8, 130],
  ).action(async (options: DoctorOptions) => {
    const { doctor } = await import("./commands/doctor.js");
    await doctor(session, options);
  });
}
