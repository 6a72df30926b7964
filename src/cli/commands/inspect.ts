import { Home } from "../../keys/home.js";
import { inspectPackage } from "../../opening/inspect-package.js";
import type { InspectDocument } from "../json-documents.js";
import { containerRow, partyRow } from "../rows.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";

export async function inspect({ ui, homePath }: Session, path: string): Promise<void> {
  const result = await inspectPackage(path, { trusted: await loadTrustedSigners(Home.at(homePath)) });
  ui.result(result satisfies InspectDocument, [
    ["seal", result.seal],
    ["sealed at", result.sealedAt],
    partyRow("sender", result.sender),
    ["signature", result.sender.trusted ? "by a unit that yours trusts" : "not by a unit that yours trusts, or wrong"],
    ...result.recipients.map((recipient) => partyRow("recipient", recipient)),
    ...result.containers.map(containerRow),
    ["age stanzas", result.stanzas.join(", ")],
  ]);
  ui.note("this is what the package claims; only evseal verify proves it");
}
