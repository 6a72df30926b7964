import { checkTree, type CheckResult } from "../../checking/check.js";
import { parseDigest, shortDigest } from "../../checking/tree-digest.js";
import { EvsealError } from "../../errors.js";
import { fingerprintOf } from "../../keys/fingerprint.js";
import { Home } from "../../keys/home.js";
import { TrustedSigners } from "../../keys/trusted-signers.js";
import { count } from "../amounts.js";
import type { CheckDocument } from "../json-documents.js";
import type { Session } from "../session.js";
import { loadKnownUnits, type KnownUnits } from "../trusted-signers.js";
import type { Row } from "../ui.js";

export interface CheckCommandOptions {
  readonly expect?: readonly string[];
  readonly expectDigest?: string;
}

/** Shows what was found and throws CLEAR_FOUND, DIGEST_DIFFERS or NOTHING_THERE unless the answer is yes. */
export async function check(session: Session, path: string, options: CheckCommandOptions): Promise<void> {
  const { ui, watch, homePath } = session;
  const expectedDigest = options.expectDigest === undefined ? undefined : parseDigest(options.expectDigest);
  const units = await loadKnownUnits(Home.at(homePath));
  const result = await checkTree(path, {
    trusted: TrustedSigners.of(units.cards),
    known: new Set(units.cards.map((card) => fingerprintOf(card).hex)),
    expected: options.expect?.map((nameOrFingerprint) => partyOf(units, nameOrFingerprint)),
    expectedDigest,
    watch,
  });
  // What is in the clear may have a telling name, and a pipe may be a log; --json is for who wants it there.
  ui.result(result satisfies CheckDocument, rowsFor(result, ui.resultsOnTerminal));
  if (!result.ok) throw refusal(result, ui.resultsOnTerminal);
}

function partyOf(units: KnownUnits, nameOrFingerprint: string): { unit: string; fingerprint: string } {
  const card = units.find(nameOrFingerprint);
  return { unit: card.unit, fingerprint: fingerprintOf(card).hex };
}

function rowsFor({ packages, findings, moreFindings, digest }: CheckResult, showsPaths: boolean): readonly Row[] {
  return [
    ...packages.map(({ seal, disc, of, sender, recipients }): Row => {
      const name = disc === undefined || of === undefined ? seal : `${seal} disc ${disc} of ${of}`;
      return [name, `from ${sender.unit} to ${recipients.map(({ unit }) => unit).join(", ")}`];
    }),
    ...findings.flatMap(({ code, path, detail, hint }): Row[] => [
      ...(showsPaths ? [path] : []),
      `${showsPaths ? "  " : ""}${detail} (${code})`,
      `${showsPaths ? "    " : "  "}${hint}`,
    ]),
    ...(moreFindings === 0 ? [] : [`and ${moreFindings} more`]),
    ...(digest === undefined ? [] : [["digest", shortDigest(digest)] as const, "sealed: nothing here is in the clear"]),
  ];
}

function refusal({ findings, moreFindings }: CheckResult, showsPaths: boolean): EvsealError {
  const [first, ...others] = findings;
  if (first !== undefined && others.length === 0 && (first.code === "DIGEST_DIFFERS" || first.code === "NOTHING_THERE"))
    return new EvsealError(first.code, first.detail, { hint: first.hint });
  const amount = findings.length + moreFindings;
  return new EvsealError("CLEAR_FOUND", `this must not leave the building: ${count(amount, "finding")}`, {
    hint: showsPaths ? "put each of them right and check again" : "evseal check --json tells where each of them is",
  });
}
