import { parseCard } from "../../keys/card.js";
import { Home } from "../../keys/home.js";
import type { TrustedSigners } from "../../keys/trusted-signers.js";
import { MinisignPublicKey } from "../../minisign/public-key.js";
import { verifyPackage } from "../../opening/verify-package.js";
import { readCardFile } from "../card-file.js";
import { discPrompt } from "../disc-prompt.js";
import type { VerifyDocument } from "../json-documents.js";
import { containerRow, partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";

export interface VerifyOptions {
  readonly signer?: string;
}

export async function verify(session: Session, paths: readonly string[], { signer }: VerifyOptions): Promise<void> {
  const { ui, watch, homePath } = session;
  const known = await loadTrustedSigners(Home.at(homePath));
  const trusted = signer === undefined ? known : await withSigner(session, known, signer);
  const result = await verifyPackage(paths, { trusted, watch, nextDisc: discPrompt(session, paths) });
  ui.result(result satisfies VerifyDocument, [
    ["verified", result.seal],
    ["sealed at", result.sealedAt],
    partyRow("sender", result.sender),
    ...result.recipients.map((recipient) => partyRow("recipient", recipient)),
    ...result.containers.map(containerRow),
  ]);
}

const bareKey = /^RW[A-Za-z0-9+/]{54}$/;
const startOfJson = 0x7b;

/** A minisign public key, a `.pub` file or a card: a card is JSON, a key's line and its comment never are. */
async function withSigner(session: Session, known: TrustedSigners, signer: string): Promise<TrustedSigners> {
  if (bareKey.test(signer)) return known.withKey(MinisignPublicKey.parse(signer));
  const content = await readCardFile(session, signer);
  if (content[0] === startOfJson) return known.withCard(parseCard(content));
  return known.withKey(MinisignPublicKey.parseFile(content));
}
