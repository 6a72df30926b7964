import type { RecordPart } from "../keys/policy.js";
import { caseRecord, type CaseRecord } from "../package/manifest.js";
import { askLine } from "./prompts.js";
import type { Session } from "./session.js";

/**
 * Asks for what `given` does not say of the case: for all of it, or only for what the unit's policy wants. What policy
 * wants cannot be left out. What is typed stays inside the seal.
 */
export async function askForRecord(
  { signal }: Session,
  given: CaseRecord,
  { required, asksAll }: { required: readonly RecordPart[]; asksAll: boolean },
): Promise<CaseRecord> {
  const ask = async (part: RecordPart, question: string, isRequired: boolean): Promise<string | undefined> => {
    if (!asksAll && !required.includes(part)) return undefined;
    const how = isRequired ? "your unit's policy wants it" : "Enter to leave it out";
    const answer = await askLine(`${question} (${how}):`, signal, (typed) => complaintOf(typed, isRequired));
    return answer.trim() === "" ? undefined : answer.trim();
  };
  const one = async (part: "case" | "officer" | "reason", question: string): Promise<string | undefined> =>
    given[part] ?? (await ask(part, question, required.includes(part)));

  const caseReference = await one("case", "case reference");
  const exhibits = [...(given.exhibits ?? [])];
  if (given.exhibits === undefined) {
    let next = await ask("exhibit", "exhibit reference", required.includes("exhibit"));
    for (; next !== undefined; next = await ask("exhibit", "another exhibit reference", false)) exhibits.push(next);
  }
  const officer = await one("officer", "who seals it");
  const reason = await one("reason", "why it is sent");
  return {
    ...(caseReference !== undefined && { case: caseReference }),
    ...(exhibits.length > 0 && { exhibits }),
    ...(officer !== undefined && { officer }),
    ...(reason !== undefined && { reason }),
  };
}

function complaintOf(typed: string, isRequired: boolean): string | undefined {
  if (typed.trim() === "") return isRequired ? "your unit's policy does not let this be left out" : undefined;
  const isKept = caseRecord.safeParse({ case: typed.trim() }).success;
  return isKept ? undefined : "that cannot be kept: up to 200 visible characters on one line";
}
