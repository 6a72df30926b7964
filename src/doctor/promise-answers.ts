/** What evseal itself promises, as far as it can be tried in memory: new keys, no file, nothing of anybody's. */
import { equal, utf8 } from "../bytes.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import type { TestedFunctions } from "./tested-functions.js";
import { altered, isRefused, publishedText, type Bench, type Requirement } from "./requirement.js";

const passphrase = "a passphrase for this test alone";
const comment = "evseal doctor";

export const promiseRequirements: readonly Requirement[] = [
  {
    says: "What is sealed here opens here with the right passphrase only, and not with a bit altered.",
    source: "evseal, “Guarantees” (THREATS.md); age v1 (C2SP)",
    testedWith: "a new key, sealed under a passphrase in memory and opened again; with another passphrase; altered",
    holds: async ({ functions }: Bench): Promise<boolean> => {
      const identity = functions.generateIdentity("mlkem768x25519");
      const right = publishedText(passphrase);
      const file = await functions.encodeIdentityFile(identity, { created: new Date(0), passphrase: right });
      const bytes = file.expose();
      // One after the other: each takes 128 MiB.
      const opened = await recipientsIn(functions, bytes, passphrase);
      const isSame = opened.join() === identity.recipient.encoded;
      identity.wipe();
      return (
        isSame &&
        (await isRefused("PASSPHRASE_WRONG", () => recipientsIn(functions, bytes, `${passphrase}.`))) &&
        (await isRefused("KEY_UNUSABLE", () => recipientsIn(functions, altered(bytes), passphrase)))
      );
    },
  },
  {
    says: "What is signed here is accepted under its own key only, and not with a bit altered.",
    source: "evseal, “Guarantees” (THREATS.md); minisign",
    testedWith: "a document, signed in memory with a new key; the same altered; under another new key",
    holds: async ({ functions: { generateSigningKey, sign, verify } }: Bench): Promise<boolean> => {
      const [key, other] = [generateSigningKey(), generateSigningKey()];
      const given = utf8("what is signed here");
      const { document, signature } = sign(given, key, comment);
      for (const used of [key, other]) used.wipe();
      const refused = await Promise.all([
        isRefused("SIGNATURE_WRONG", () => verify(altered(document), signature, key.publicKey, comment)),
        isRefused("SIGNATURE_WRONG", () => verify(document, signature, other.publicKey, comment)),
      ]);
      return equal(verify(given, signature, key.publicKey, comment).document, given) && refused.every(Boolean);
    },
  },
  {
    says: "A name that would leave its folder, or that a system would misread, never becomes a path.",
    source: "evseal, names of files in a package (FORMAT.md)",
    testedWith: "a good name; the names ../x, /x, a\\b, C:x, CON, x. and one that turns the reading direction",
    holds: async ({ functions: { parsePath } }: Bench): Promise<boolean> => {
      const bad = ["../x", "/x", "a\\b", "C:x", "CON", "x.", "x\u202egpj.exe"];
      const refused = await Promise.all(bad.map((name) => isRefused("NAME_UNSAFE", () => parsePath(name))));
      return refused.every(Boolean) && parsePath("interview/tape 1.wav") === "interview/tape 1.wav";
    },
  },
  {
    says: "A name that would steer a terminal or hide its ending is shown escaped.",
    source: "evseal, hostile names (THREATS.md)",
    testedWith: "names with an escape sequence, a line feed, and a mark that turns the reading direction",
    holds: ({ functions: { escape } }: Bench): boolean =>
      escape("a\u001b[2Jb") === "a\\u{1b}[2Jb" && escape("a\nb") === "a\\u{a}b" && escape("\u202e") === "\\u{202e}",
  },
];

/** Which recipients the identities of a key file have. */
async function recipientsIn(
  { readIdentityFile }: TestedFunctions,
  file: Uint8Array,
  words: string,
): Promise<readonly string[]> {
  const content = SecretBytes.copyOf(file);
  const identities = await readIdentityFile(content, () => Promise.resolve(publishedText(words)));
  return identities.map((identity) => {
    identity.wipe();
    return identity.recipient.encoded;
  });
}
