import type { Command } from "commander";
import type { AddContactOptions } from "./commands/contacts.js";
import { endHelp } from "./exit-help.js";
import type { Session } from "./session.js";

/** contacts add, list, show and remove. */
export function addContactCommands(program: Command, session: Session): void {
  const contacts = program
    .command("contacts")
    .usage("<command> [options]")
    .description("The units that yours trusts: it seals to them and believes their signatures.")
    .summary("the units that yours trusts");
  addAdd(contacts, session);
  addList(contacts, session);
  addShow(contacts, session);
  addRemove(contacts, session);
  endHelp(contacts, ["evseal contacts add scas.card.json", "evseal contacts list"], [0, 1, 2, 5, 8, 130]);
}

function addAdd(contacts: Command, session: Session): void {
  const command = contacts
    .command("add")
    .argument("<card>", "the card file that the unit sent")
    .description(
      "Trusts the unit that a card belongs to. Ring the unit on a number that you have from elsewhere, let them read " +
        "out the fingerprint or the twelve words of their card, and type what you hear.",
    )
    .summary("trust a unit, once its fingerprint was read to you")
    .option("--fingerprint <hex-or-words>", "the fingerprint as it was read to you (default: ask)");
  endHelp(
    command,
    ["evseal contacts add scas.card.json", 'evseal contacts add scas.card.json --fingerprint "word word …"'],
    [0, 1, 2, 5, 8, 130],
  ).action(async (path: string, options: AddContactOptions) => {
    const { addContact } = await import("./commands/contacts.js");
    await addContact(session, path, options);
  });
}

function addList(contacts: Command, session: Session): void {
  const command = contacts
    .command("list")
    .description("Lists the units that yours trusts.")
    .summary("list the units that yours trusts");
  endHelp(command, ["evseal contacts list", "evseal contacts list --json"], [0, 1, 2, 5, 8]).action(async () => {
    const { listContacts } = await import("./commands/contacts.js");
    await listContacts(session);
  });
}

function addShow(contacts: Command, session: Session): void {
  const command = contacts
    .command("show")
    .argument("<unit>", "a unit's name or fingerprint")
    .description("Shows one of these units with its fingerprint.")
    .summary("show one of the units that yours trusts");
  endHelp(command, ["evseal contacts show SCAS"], [0, 1, 2, 5, 8]).action(async (unit: string) => {
    const { showContact } = await import("./commands/contacts.js");
    await showContact(session, unit);
  });
}

function addRemove(contacts: Command, session: Session): void {
  const command = contacts
    .command("remove")
    .argument("<unit>", "a unit's name or fingerprint")
    .description("Trusts a unit no longer: nothing is sealed to it, and its packages do not verify.")
    .summary("trust a unit no longer");
  endHelp(command, ["evseal contacts remove SCAS"], [0, 1, 2, 5, 8]).action(async (unit: string) => {
    const { removeContact } = await import("./commands/contacts.js");
    await removeContact(session, unit);
  });
}
