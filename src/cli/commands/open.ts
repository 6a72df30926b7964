import { Home } from "../../keys/home.js";
import { loadPolicy } from "../../keys/policy.js";
import { filePattern, openPackage } from "../../opening/open-package.js";
import { count, formatBytes } from "../amounts.js";
import { withIdentities, type IdentityOptions } from "../identities.js";
import { noteLeftovers } from "../leftover-notes.js";
import { partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";

export interface OpenOptions extends IdentityOptions {
  readonly out: string;
  readonly only?: string;
}

export async function open(session: Session, path: string, options: OpenOptions): Promise<void> {
  const home = Home.at(session.homePath);
  const { openTargets: allowedTargets } = await loadPolicy(home);
  await noteLeftovers(session, options.out);
  const trusted = await loadTrustedSigners(home);
  const only = options.only === undefined ? {} : { only: filePattern(options.only) };
  const result = await withIdentities(session, options, (identities) => {
    return openPackage(path, {
      outDir: options.out,
      allowedTargets,
      ...only,
      trusted,
      identities,
      watch: session.watch,
    });
  });
  const whole = count(result.of, "file");
  const amount = result.files === result.of ? whole : `${result.files} of ${whole}`;
  session.ui.result(result, [
    ["opened", result.seal],
    partyRow("sender", result.sender),
    ["content", `${amount}, ${formatBytes(result.bytes)}, all verified`],
    ["out", result.out],
  ]);
  session.ui.note("what was opened is now in the clear on this machine");
}
