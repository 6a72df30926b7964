import { Home } from "../../keys/home.js";
import { filePattern, openPackage } from "../../opening/open-package.js";
import { count, formatBytes } from "../amounts.js";
import { withIdentities, type IdentityOptions } from "../identities.js";
import { partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";

export interface OpenOptions extends IdentityOptions {
  readonly out: string;
  readonly only?: string;
}

export async function open(session: Session, path: string, options: OpenOptions): Promise<void> {
  const trusted = await loadTrustedSigners(Home.at(session.homePath));
  const only = options.only === undefined ? {} : { only: filePattern(options.only) };
  const result = await withIdentities(session, options, (identities) => {
    const { watch, cores } = session;
    return openPackage(path, { outDir: options.out, ...only, trusted, identities, watch, cores });
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
