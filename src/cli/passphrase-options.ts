import type { Command } from "commander";

/** The two ways in which a script gives a passphrase; without them a person is asked. */
export function addPassphraseOptions(command: Command): Command {
  return command
    .addOption(
      command
        .createOption("--passphrase-file <file>", "read the passphrase from this file (default: ask)")
        .conflicts("passphraseFd"),
    )
    .option("--passphrase-fd <n>", "read the passphrase from this open file descriptor");
}
