/** Broken builds of the command line: what it shows, and what it lets happen around it. */
import { mutant, type Mutant } from "./mutant.js";

const leak = "test/leak/commands.test.ts";
const gateScreens: readonly [string, string] = [
  "test/cli/check.test.ts",
  "the screens of check escape a name that would steer the terminal, and keep every name out of a pipe",
];

export const surface: readonly Mutant[] = [
  mutant(
    "spools what it packs to the temporary folder",
    [
      leak,
      "nothing in the clear, and no secret, is written by pack when it succeeds, told everything on the command line --json",
    ],
    [
      "src/media/media-reading.ts",
      "        hash.update(block);\n",
      "        hash.update(block);\n    appendFileSync(join(tmpdir(), `evseal-spool`), block);\n",
    ],
    [
      "src/media/media-reading.ts",
      "import { Sha256 } from",
      'import { appendFileSync } from "node:fs";\nimport { tmpdir } from "node:os";\nimport { join } from "node:path";\nimport { Sha256 } from',
    ],
  ),
  mutant(
    "prints the name of a source off a terminal",
    [leak, "nothing in the clear, and no secret, is written by pack when it fails for a link among the sources"],
    ["src/cli/ui.ts", "if (error.subject !== undefined && this.onTerminal)", "if (error.subject !== undefined)"],
  ),
  mutant("prints what check found off a terminal", gateScreens, [
    "src/cli/commands/check.ts",
    "ui.result(result satisfies CheckDocument, rowsFor(result, ui.resultsOnTerminal));",
    "ui.result(result satisfies CheckDocument, rowsFor(result, true));",
  ]),
  mutant(
    "puts the passphrase into an error",
    [leak, "nothing in the clear, and no secret, is written by pack when it fails for a passphrase of two lines"],
    [
      "src/cli/passphrase-source.ts",
      '  secret.wipe();\n  throw unusablePassphrase("has more than one line");',
      "  throw unusablePassphrase(`has more than one line: ${Buffer.from(secret.expose()).toString()}`);",
    ],
  ),
  mutant("lets a name steer the terminal", gateScreens, [
    "src/unsafe-name.ts",
    "return text.replace(unsafe, (character) => `\\\\u{${codePoint(character).toString(16)}}`);",
    "return text && text.slice(0, codePoint(text) + text.length);",
  ]),
  mutant(
    "shows the passphrase while it is typed",
    ["test/cli/terminal.test.ts", "keygen on a terminal asks for the passphrase twice and shows nothing of it"],
    ["bin/evseal.cjs", ".setRawMode(true);", ";"],
    ["src/cli/quiet-keyboard.ts", "  process.stdin.setRawMode(true);\n", ""],
  ),
  mutant(
    "trusts a card whose fingerprint was not the one that was read out",
    ["test/keys/contacts.test.ts", "adding a contact is refused without the card's own fingerprint, whole"],
    [
      "src/keys/contacts.ts",
      "if (!matchesFingerprint(contact.fingerprint, typedFingerprint)) throw fingerprintDiffers(typedFingerprint);",
      "",
    ],
  ),
];
