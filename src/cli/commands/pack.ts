import { Contacts } from "../../keys/contacts.js";
import { Home } from "../../keys/home.js";
import { loadPolicy } from "../../keys/policy.js";
import { requireAllowedRecipients, requireRecord, requireYoungOwnCard } from "../../keys/policy-rules.js";
import { loadCard, loadSigningKey } from "../../keys/unit-keys.js";
import { requireOutFolder } from "../../output/out-folder.js";
import type { CaseRecord } from "../../package/manifest.js";
import { discName } from "../../package/names.js";
import { parseVolumeSize } from "../../package/volumes.js";
import { pack, type PackageNeeds, type PackRequest, type PackResult } from "../../sealing/pack.js";
import { mustAsk, type Answer } from "../answers.js";
import { count, formatBytes } from "../amounts.js";
import { noteLeftovers } from "../leftover-notes.js";
import { hashesOfPassphraseFile, passphraseFileIdentity } from "../passphrase-traces.js";
import type { GivenPackOptions, PackOptions } from "../pack-options.js";
import { warnOfExpiry } from "../expiry.js";
import { readCaseRecord } from "../case-record.js";
import type { PackDocument } from "../json-documents.js";
import { unlock } from "../passphrase-source.js";
import type { Session } from "../session.js";

/** `pack` as the command line has it: what it left out is asked for, or refused. */
export async function packGiven(session: Session, paths: readonly string[], given: GivenPackOptions): Promise<void> {
  const { to, out } = given;
  if (given.volumeSize !== undefined) parseVolumeSize(given.volumeSize); // no question is asked for nothing
  const answers: Answer[] = [
    ["path", paths],
    ["--to <unit>", to],
    ["--out <dir>", out],
  ];
  if (!mustAsk(session, "pack", answers) && to !== undefined && out !== undefined) {
    await packPaths(session, paths, { ...given, to, out }, await readCaseRecord(session, given));
    return;
  }
  const record = await readCaseRecord(session, given);
  const { guidePack } = await import("../guided-pack.js"); // inquirer is slow to load
  const guided = await guidePack(session, paths, given, record);
  await packPaths(session, guided.sources, guided.options, guided.record);
}

async function packPaths(
  session: Session,
  sources: readonly string[],
  options: PackOptions,
  record: CaseRecord,
): Promise<void> {
  const { clock, watch, cores } = session;
  const home = Home.at(session.homePath);
  const policy = await loadPolicy(home);
  requireRecord(policy, record);
  const card = await loadCard(home);
  requireYoungOwnCard(policy, card, clock());
  const contacts = await Contacts.load(home);
  await requireOutFolder(options.out);
  await noteLeftovers(session, options.out);
  const passphraseFile = await passphraseFileIdentity(options);
  const recipients = options.to.map((nameOrFingerprint) => contacts.find(nameOrFingerprint).card);
  requireAllowedRecipients(policy, recipients, clock());

  warnOfExpiry(session, recipients, card);

  const file = options.signingKey ?? home.signingKey;
  let passphraseHashes: readonly string[] = [];
  const signingKey = await unlock(session, options, "the signing key", async (ask) => {
    return await loadSigningKey(file, async () => {
      const passphrase = await ask();
      passphraseHashes = hashesOfPassphraseFile(passphrase);
      return passphrase;
    });
  });
  try {
    const kept = { home: home.path, passphraseFile, passphraseHashes };
    const sender = { card, signingKey };
    const onto = volumeOf(session, options);
    const outDir = options.out;
    const result = await pack({ sources, recipients, sender, outDir, record, kept, clock, watch, cores, ...onto });
    showResult(session, result, sources, outDir);
  } finally {
    signingKey.wipe();
  }
}

function volumeOf({ ui }: Session, { volumeSize }: PackOptions): Pick<PackRequest, "volume" | "planned"> {
  if (volumeSize === undefined) return {};
  const volume = parseVolumeSize(volumeSize);
  const { noun, capacityBytes } = volume;
  const planned = ({ discCount, sizeBytes, freeBytes }: PackageNeeds): void => {
    const each = discCount > 1 ? " each" : "";
    const discs =
      count(discCount, noun) + (capacityBytes === Infinity ? "" : ` (${formatBytes(capacityBytes)}${each})`);
    const free = freeBytes === undefined ? "" : `, ${formatBytes(freeBytes)} is free`;
    ui.note(`this needs ${discs}; ${formatBytes(sizeBytes)} of space is needed for it${free}`);
  };
  return { volume, planned };
}

function showResult({ ui }: Session, result: PackResult, sources: readonly string[], outDir: string): void {
  const discCount = result.containers.at(-1)?.disc ?? 1;
  ui.result(result satisfies PackDocument, [
    ["sealed", result.seal],
    ["package", result.package],
    ...(discCount > 1 ? [["discs", `${discCount}, disc-001 to ${discName(discCount)}`] as const] : []),
    ["to", result.recipients.map(({ unit }) => unit)],
    ["content", `${count(result.files, "file")}, ${formatBytes(result.bytes)}, read back and compared`],
  ]);
  const burn =
    discCount > 1
      ? [
          `evseal check ${result.package}, before you burn it`,
          `burn what is in each of its ${discCount} folders on a disc of its own, and write its number and the seal number on it`,
          "evseal check each folder, then its disc: it must say the same digest",
        ]
      : [
          `evseal check ${outDir}, before you burn it`,
          "burn what is in that folder, then evseal check the disc: it must say the same digest",
        ];
  ui.next(...burn, `write the seal number ${result.seal} into your record of the exhibit`);
  ui.note("the originals still exist in the clear: evseal deletes nothing");
  // Off a terminal this may be a log, and the names of originals are names of evidence.
  if (ui.onTerminal) for (const source of sources) ui.note(`  ${source}`);
}
