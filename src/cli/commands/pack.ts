import { Contacts } from "../../keys/contacts.js";
import { Home } from "../../keys/home.js";
import { loadCard, loadSigningKey } from "../../keys/unit-keys.js";
import { pack, type PackResult } from "../../sealing/pack.js";
import { count, formatBytes } from "../amounts.js";
import { readCaseRecord, type RecordOptions } from "../case-record.js";
import { withPassphrase, type PassphraseOptions } from "../passphrase-source.js";
import type { Session } from "../session.js";

export interface PackOptions extends PassphraseOptions, RecordOptions {
  readonly to: readonly string[];
  readonly out: string;
  readonly signingKey?: string;
}

export async function packPaths(session: Session, sources: readonly string[], options: PackOptions): Promise<void> {
  const { clock, watch, cores } = session;
  const home = Home.at(session.homePath);
  const record = await readCaseRecord(session, options);
  const card = await loadCard(home);
  const contacts = await Contacts.load(home);
  const recipients = options.to.map((nameOrFingerprint) => contacts.find(nameOrFingerprint).card);

  const result = await withPassphrase(session, options, "the signing key", async (ask) => {
    const signingKey = await loadSigningKey(options.signingKey ?? home.signingKey, ask);
    try {
      const sender = { card, signingKey };
      return await pack({ sources, recipients, sender, outDir: options.out, record, clock, watch, cores });
    } finally {
      signingKey.wipe();
    }
  });
  showResult(session, result, sources, options.out);
}

function showResult({ ui }: Session, result: PackResult, sources: readonly string[], outDir: string): void {
  ui.result(result, [
    ["sealed", result.seal],
    ["package", result.package],
    ["to", result.recipients.map(({ unit }) => unit)],
    ["content", `${count(result.files, "file")}, ${formatBytes(result.bytes)}, read back and compared`],
  ]);
  ui.next(
    `evseal check ${outDir}, before you burn it`,
    "burn the package's folder as it is, then evseal verify it on the disc",
  );
  ui.note("the originals still exist in the clear: evseal deletes nothing");
  // Off a terminal this may be a log, and the names of originals are names of evidence.
  if (ui.onTerminal) for (const source of sources) ui.note(`  ${source}`);
}
