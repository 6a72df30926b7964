import { checkTree } from "../../checking/check.js";
import { EvsealError } from "../../errors.js";
import { Home } from "../../keys/home.js";
import { count } from "../amounts.js";
import type { Session } from "../session.js";
import { loadTrustedSigners } from "../trusted-signers.js";
import type { Row } from "../ui.js";

/** Shows what was found and throws CLEAR_FOUND unless the answer is yes. */
export async function check({ ui, watch, homePath }: Session, path: string): Promise<void> {
  const trusted = await loadTrustedSigners(Home.at(homePath));
  const result = await checkTree(path, { trusted, watch });
  const packages = result.packages.map(({ seal, sender, recipients }): Row => {
    return [seal, `from ${sender.unit} to ${recipients.map(({ unit }) => unit).join(", ")}`];
  });
  // What is in the clear may have a telling name, and a pipe may be a log; --json is for who wants it there.
  const showsPaths = ui.resultsOnTerminal;
  const findings = result.findings.flatMap(({ code, path, detail, hint }): Row[] => [
    `${showsPaths ? `${path}: ` : ""}${detail} (${code})`,
    `  ${hint}`,
  ]);
  ui.result(result, [...packages, ...findings, ...(result.ok ? ["sealed: nothing here is in the clear"] : [])]);
  if (result.ok) return;
  throw new EvsealError(
    "CLEAR_FOUND",
    `this must not leave the building: ${count(result.findings.length, "finding")}`,
    {
      hint: showsPaths ? "put each of them right and check again" : "evseal check --json tells where each of them is",
    },
  );
}
