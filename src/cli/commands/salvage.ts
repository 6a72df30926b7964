import { EvsealError } from "../../errors.js";
import { Home } from "../../keys/home.js";
import { loadPolicy } from "../../keys/policy.js";
import { salvagePackage } from "../../opening/salvage-package.js";
import type { SalvagedFile, SalvageResult } from "../../opening/salvage-result.js";
import { requireOutFolder } from "../../output/out-folder.js";
import { count, formatBytes } from "../amounts.js";
import { answerMissing } from "../answers.js";
import { withIdentities, type IdentityOptions } from "../identities.js";
import type { SalvageDocument } from "../json-documents.js";
import { noteLeftovers } from "../leftover-notes.js";
import { partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";
import type { Row } from "../ui.js";

export interface GivenSalvageOptions extends IdentityOptions {
  readonly out?: string;
}

/** Shows what was recovered and what was not, and throws SALVAGE_INCOMPLETE unless nothing is lost. */
export async function salvage(session: Session, paths: readonly string[], options: GivenSalvageOptions): Promise<void> {
  const { homePath, ui, watch } = session;
  const { out: outDir } = options;
  if (outDir === undefined) throw answerMissing("--out <dir>", "evseal salvage");
  const home = Home.at(homePath);
  const { openTargets: allowedTargets } = await loadPolicy(home);
  await requireOutFolder(outDir);
  await noteLeftovers(session, outDir);
  const trusted = await loadTrustedSigners(home);
  const result = await withIdentities(session, options, (identities) => {
    return salvagePackage(paths, { outDir, allowedTargets, trusted, identities, watch });
  });
  ui.result(result satisfies SalvageDocument, rowsFor(result));
  if (result.out !== undefined) ui.note("what was recovered is now in the clear on this machine");
  if (!result.ok) throw incomplete(result);
}

function rowsFor({ seal, sender, whole, files, bytes, lostBytes, out }: SalvageResult): readonly Row[] {
  return [
    ["salvaged", seal],
    partyRow("sender", sender),
    ["whole", `${whole} of ${count(files.length, "file")}, ${formatBytes(bytes)}`],
    ["lost", formatBytes(lostBytes)],
    ...(out === undefined ? [] : [["out", out] as const]),
    "",
    ...files.map(rowFor),
  ];
}

function rowFor({ state, path, sizeBytes, lostBytes }: SalvagedFile): string {
  const lost = state === "partial" ? `  (${lostBytes} of ${count(sizeBytes, "byte")} lost)` : "";
  return `${state.padEnd("partial".length)}  ${path.toString()}${lost}`;
}

function incomplete({ whole, files }: SalvageResult): EvsealError {
  const amount =
    whole === 0 ? "no file of the package is whole" : `${whole} of ${count(files.length, "file")} recovered`;
  return new EvsealError("SALVAGE_INCOMPLETE", `the package is damaged: ${amount}`, {
    hint: "name another copy too, or ask the sender for one",
  });
}
