import { lstat, stat } from "node:fs/promises";
import { platform } from "node:os";
import { readIdentityFile } from "../age/identity-file.js";
import { SecretBytes } from "../crypto/secret-bytes.js";
import type { Home } from "../keys/home.js";
import { readSmallFile, type FileProblem } from "../keys/small-file.js";
import { keyFileCapBytes } from "../keys/unit-keys.js";
import { readSigningKeyFile } from "../minisign/signing-key.js";
import { Check, type Finding } from "./finding.js";

const onWindows = platform() === "win32";
const backup = "put the unit's backup of it in its place";

/** The folder of the keys and what is in it that must be guarded: modes, kinds and passphrases. Nothing is unlocked. */
export async function keyFindings(home: Home): Promise<readonly Finding[]> {
  const folder = new Check("home", "unit");
  const found = await stat(home.path).catch(() => undefined);
  if (found === undefined) {
    const hint = "run evseal keygen to make this unit's keys; checking, verifying and inspecting need none";
    return [folder.warning("this unit has no home yet, and so no keys", hint)];
  }
  return [
    found.isDirectory()
      ? ownersOnly(folder, found.mode, "the folder of the keys")
      : folder.failed("where the folder of the keys should be is something else", "name a folder in EVSEAL_HOME"),
    await receivingKeyFinding(home),
    await signingKeyFinding(home),
    ...(await guardedFindings(home)),
  ];
}

async function receivingKeyFinding({ receivingKey }: Home): Promise<Finding> {
  return await keyFileFinding(new Check("receiving key", "unit"), receivingKey, async (content, ask) => {
    for (const identity of await readIdentityFile(content, ask)) identity.wipe();
  });
}

async function signingKeyFinding({ signingKey }: Home): Promise<Finding> {
  return await keyFileFinding(new Check("signing key", "unit"), signingKey, async (content, ask) => {
    (await readSigningKeyFile(content, ask)).wipe();
  });
}

async function keyFileFinding(
  check: Check,
  path: string,
  read: (content: SecretBytes, ask: () => Promise<SecretBytes>) => Promise<void>,
): Promise<Finding> {
  let problem: FileProblem | undefined;
  const file = await readSmallFile(path, keyFileCapBytes, (found) => {
    problem = found;
    return new Error(found);
  }).catch(() => undefined);
  if (file === undefined) {
    if (problem === "is not there") {
      return check.warning("the key file is not there", "right if the key is kept elsewhere; else run evseal keygen");
    }
    return check.failed(`the key file ${problem ?? "cannot be read"}`, "put the key file itself in its place");
  }
  const content = SecretBytes.take(file.bytes);
  try {
    return keyStateFinding(check, await protectionOf(content, read), file.isOpenToOthers);
  } finally {
    content.wipe();
  }
}

type Protection = "passphrase" | "none" | "unusable";

/** Whether a passphrase was asked for, which then was not given. */
async function protectionOf(
  content: SecretBytes,
  read: (content: SecretBytes, ask: () => Promise<SecretBytes>) => Promise<void>,
): Promise<Protection> {
  const asked = new Error("a passphrase is needed");
  try {
    await read(content, () => Promise.reject(asked));
    return "none";
  } catch (cause) {
    return cause === asked ? "passphrase" : "unusable";
  }
}

function keyStateFinding(check: Check, protection: Protection, isOpenToOthers: boolean): Finding {
  const chmod = "take their access away: chmod 600 on the file";
  if (protection === "unusable") return check.failed("the key file is damaged, or is no key file", backup);
  if (protection === "none" && isOpenToOthers)
    return check.failed("no passphrase protects the key, and others can read it: evseal does not use it", chmod);
  if (protection === "none") {
    return check.warning(
      "no passphrase protects the key: whoever copies the file can use it",
      "give the next keys of this unit a passphrase; until then keep the machine's disk encrypted",
    );
  }
  if (isOpenToOthers) return check.warning("others can copy the key, and guess at its passphrase", chmod);
  const mode = onWindows ? "who may read the file is not examined here" : "nobody else may read the file";
  return check.ok(`a passphrase protects the key, and ${mode}`);
}

/** Whoever can write here decides whom this unit trusts, or what it allows. */
async function guardedFindings({ contacts, policy }: Home): Promise<readonly Finding[]> {
  const guarded = [
    [new Check("contacts folder", "unit"), contacts, "the folder of the contacts"],
    [new Check("policy file", "unit"), policy, "the policy file"],
  ] as const;
  const findings = guarded.map(async ([check, path, what]) => {
    const found = await lstat(path).catch(() => undefined);
    return found === undefined || found.isSymbolicLink() ? [] : [ownersOnly(check, found.mode, what)];
  });
  return (await Promise.all(findings)).flat();
}

function ownersOnly(check: Check, mode: number, what: string): Finding {
  if (onWindows) return check.notExamined("see in its properties that nobody else may change it");
  const hint = "take their access away: chmod go-w on it";
  if ((mode & 0o022) !== 0) return check.failed(`others can change ${what}`, hint);
  return check.ok(`nobody else may change ${what}`);
}
