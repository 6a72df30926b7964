import { Home } from "../../keys/home.js";
import { loadPolicy } from "../../keys/policy.js";
import type { MendedRegion } from "../../opening/mended-container.js";
import { filePattern, openPackage } from "../../opening/open-package.js";
import { requireOutFolder } from "../../output/out-folder.js";
import { count, formatBytes } from "../amounts.js";
import { discPrompt } from "../disc-prompt.js";
import { noteLeftovers } from "../leftover-notes.js";
import { withIdentities } from "../identities.js";
import { mustAsk } from "../answers.js";
import type { GivenOpenOptions, OpenOptions } from "../open-options.js";
import type { OpenDocument } from "../json-documents.js";
import { partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";
import type { Row } from "../ui.js";

/** `open` as the command line has it: what it left out is asked for, or refused. */
export async function openGiven(session: Session, paths: readonly string[], given: GivenOpenOptions): Promise<void> {
  const { out } = given;
  if (
    !mustAsk(session, "open", [
      ["package", paths],
      ["--out <dir>", out],
    ]) &&
    out !== undefined
  ) {
    await open(session, paths, { ...given, out });
    return;
  }
  const { guideOpen } = await import("../guided-open.js"); // inquirer is slow to load
  const guided = await guideOpen(session, paths, given);
  await open(session, guided.paths, guided.options);
}

async function open(session: Session, paths: readonly string[], options: OpenOptions): Promise<void> {
  const home = Home.at(session.homePath);
  const { openTargets: allowedTargets } = await loadPolicy(home);
  await requireOutFolder(options.out);
  await noteLeftovers(session, options.out);
  const trusted = await loadTrustedSigners(home);
  const only = options.only === undefined ? {} : { only: filePattern(options.only) };
  const result = await withIdentities(session, options, (identities) => {
    const { watch, cores } = session;
    const nextDisc = discPrompt(session, paths);
    const target = { outDir: options.out, allowedTargets };
    return openPackage(paths, { ...target, ...only, trusted, identities, watch, cores, nextDisc });
  });
  const whole = count(result.of, "file");
  const amount = result.files === result.of ? whole : `${result.files} of ${whole}`;
  session.ui.result(result satisfies OpenDocument, [
    ["opened", result.seal],
    partyRow("sender", result.sender),
    ["content", `${amount}, ${formatBytes(result.bytes)}, all verified`],
    ...mendedRows(result.mended ?? []),
    ["out", result.out],
  ]);
  session.ui.note("what was opened is now in the clear on this machine");
}

function mendedRows(mended: readonly MendedRegion[]): readonly Row[] {
  const copies = [...new Set(mended.map(({ from }) => from))].sort((a, b) => a - b);
  const lines = copies.map((copy) => {
    const regions = mended.filter(({ from }) => from === copy);
    const bytes = regions.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    return `copy 1 was damaged in ${count(regions.length, "place")} (${formatBytes(bytes)}): taken from copy ${copy}`;
  });
  return lines.length > 0 ? [["mended", lines]] : [];
}
