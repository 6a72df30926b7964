import { Home } from "../../keys/home.js";
import { listPackage } from "../../opening/list-package.js";
import type { CaseRecord, Manifest } from "../../package/manifest.js";
import { count, formatBytes } from "../amounts.js";
import { withIdentities, type IdentityOptions } from "../identities.js";
import { partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";
import type { Row } from "../ui.js";

export type ListOptions = IdentityOptions;

export async function list(session: Session, path: string, options: ListOptions): Promise<void> {
  const trusted = await loadTrustedSigners(Home.at(session.homePath));
  const manifest = await withIdentities(session, options, (identities) => {
    return listPackage(path, { trusted, identities });
  });
  session.ui.result(manifest, [
    ["seal", manifest.seal],
    ["sealed at", manifest.sealedAt],
    partyRow("sender", manifest.sender),
    ["recipients", manifest.recipients.map(({ unit }) => unit)],
    ...recordRows(manifest.record),
    ["content", `${count(manifest.totals.files, "file")}, ${formatBytes(manifest.totals.bytes)}`],
    "",
    ...fileTable(manifest),
  ]);
}

function recordRows(record: CaseRecord): readonly Row[] {
  const { case: caseReference, exhibits, officer, reason } = record;
  const rows: readonly [string, string | readonly string[] | undefined][] = [
    ["case", caseReference],
    ["exhibits", exhibits],
    ["officer", officer],
    ["reason", reason],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

/** Size and time of change to the second; the path stands last, as it may be long. */
function fileTable({ files }: Manifest): readonly string[] {
  const sizeWidth = files.reduce((width, { size }) => Math.max(width, size.toString().length), "size".length);
  const line = (size: string, modified: string, path: string): string => {
    return `${size.padStart(sizeWidth)}  ${modified.padEnd(20)}  ${path}`;
  };
  return [
    line("size", "modified", "path"),
    ...files.map(({ size, modified, path }) => line(size.toString(), `${modified.slice(0, 19)}Z`, path)),
  ];
}
