import { EvsealError } from "../errors.js";
import type { Card } from "../keys/card.js";
import { Contacts } from "../keys/contacts.js";
import { Home } from "../keys/home.js";
import { loadCard } from "../keys/unit-keys.js";
import { listSources } from "../media/source-list.js";
import { requireOnlyPackages } from "../output/out-folder.js";
import { refuseOverlap } from "../output/overlap.js";
import { caseRecord } from "../package/manifest.js";
import { interrupted } from "../watch.js";
import { count, formatBytes } from "./amounts.js";
import { complaintOf, typedPath } from "./typed-path.js";
import type { GivenPackOptions, PackOptions } from "./pack-options.js";
import { expiryRemark } from "./expiry.js";
import { askForSome, askLine, askYesOrNo } from "./prompts.js";
import { fingerprintRows } from "./rows.js";
import type { Session } from "./session.js";
import type { Row } from "./ui.js";

export interface GuidedPack {
  readonly sources: readonly string[];
  readonly options: PackOptions;
}

/**
 * Asks a person for what the command line left out, shows what will be sealed to whom, and asks once. Nothing is asked
 * before it is certain that there are keys and contacts. Throws INTERRUPTED for "no" as well.
 */
export async function guidePack(
  session: Session,
  paths: readonly string[],
  given: GivenPackOptions,
): Promise<GuidedPack> {
  const home = Home.at(session.homePath);
  const own = await loadCard(home);
  const contacts = await Contacts.load(home);
  const sources = paths.length > 0 ? paths : await askForSources(session);
  const to = given.to ?? (await askForRecipients(session, contacts));
  const out = given.out ?? (await askForOutFolder(session, sources));
  const record = given.record === undefined ? await askForRecord(session, given) : {};
  const options: PackOptions = { ...given, ...record, to, out };
  const recipients = to.map((nameOrFingerprint) => contacts.find(nameOrFingerprint).card);
  session.ui.show(await summaryOf(session, { sources, options }, own, contacts));
  session.ui.show([`only ${recipients.map(unitOf).join(" and ")} can open it: your own unit cannot`]);
  if (!(await askYesOrNo("seal it now?", session.signal))) throw interrupted();
  return { sources, options };
}

async function askForSources(session: Session): Promise<readonly string[]> {
  const { ui, signal } = session;
  const sources: string[] = [];
  for (;;) {
    const question = sources.length === 0 ? "file or folder to seal:" : "another one (Enter when that is all):";
    const typed = await askLine(question, signal, async (answer) => {
      if (answer.trim() === "") return sources.length > 0 ? undefined : "name at least one";
      return await complaintOf(() => sizesOf(session, [...sources, typedPath(answer)]));
    });
    if (typed.trim() === "") return sources;
    sources.push(typedPath(typed));
    ui.show([`  that is ${await sizesOf(session, sources.slice(-1))}`]);
  }
}

/** `12 files, 4.7 GB`. Looks at the files as packing will, and so throws what packing would. */
async function sizesOf({ signal }: Session, sources: readonly string[]): Promise<string> {
  const files = await listSources(sources, { signal, progress: () => undefined });
  const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return `${count(files.length, "file")}, ${formatBytes(bytes)}`;
}

async function askForRecipients({ signal, clock }: Session, contacts: Contacts): Promise<readonly string[]> {
  const choices = contacts.list().map(({ card, fingerprint }) => {
    const remark = expiryRemark(card, clock());
    const isUsable = remark !== "has expired";
    return {
      name: card.unit + (isUsable && remark !== undefined ? ` (its card expires ${remark})` : ""),
      description: `its words: ${fingerprint.words}`,
      disabled: isUsable ? undefined : "(its card has expired: ask for a new one)",
      value: fingerprint.hex,
    };
  });
  if (choices.some(({ disabled }) => disabled === undefined)) {
    return await askForSome("which units may open it?", choices, signal);
  }
  throw new EvsealError("CONTACT_UNKNOWN", "there is no contact yet that anything could be sealed to", {
    hint: "evseal contacts add CARD takes in the card of the receiving unit",
  });
}

async function askForOutFolder({ signal, homePath }: Session, sources: readonly string[]): Promise<string> {
  const typed = await askLine("existing, empty folder to put the package into:", signal, async (answer) => {
    if (answer.trim() === "") return "name a folder";
    return await complaintOf(async () => {
      await refuseOverlap(typedPath(answer), sources, { home: homePath });
      await requireOnlyPackages(typedPath(answer));
    });
  });
  return typedPath(typed);
}

type Record = Pick<PackOptions, "case" | "exhibit" | "officer" | "reason">;

/** Each may be left out. What is typed stays inside the seal. */
async function askForRecord({ signal }: Session, given: GivenPackOptions): Promise<Record> {
  const line = async (question: string): Promise<string | undefined> => {
    const answer = await askLine(`${question} (Enter to leave it out):`, signal, (typed) => complaintOfLine(typed));
    return answer.trim() === "" ? undefined : answer.trim();
  };
  const record: { -readonly [Name in keyof Record]: Record[Name] } = {};
  const caseReference = given.case ?? (await line("case reference"));
  if (caseReference !== undefined) record.case = caseReference;
  const exhibits = [...(given.exhibit ?? [])];
  if (given.exhibit === undefined) {
    for (
      let next = await line("exhibit reference");
      next !== undefined;
      next = await line("another exhibit reference")
    ) {
      exhibits.push(next);
    }
  }
  if (exhibits.length > 0) record.exhibit = exhibits;
  const officer = given.officer ?? (await line("who seals it"));
  if (officer !== undefined) record.officer = officer;
  const reason = given.reason ?? (await line("why it is sent"));
  if (reason !== undefined) record.reason = reason;
  return record;
}

function complaintOfLine(typed: string): string | undefined {
  const isKept = typed.trim() === "" || caseRecord.safeParse({ case: typed.trim() }).success;
  return isKept ? undefined : "that cannot be kept: up to 200 visible characters on one line";
}

async function summaryOf(
  session: Session,
  { sources, options }: GuidedPack,
  own: Card,
  contacts: Contacts,
): Promise<readonly Row[]> {
  const sized = await Promise.all(sources.map(async (path) => `${path} (${await sizesOf(session, [path])})`));
  const recipients = options.to.map((nameOrFingerprint) => contacts.find(nameOrFingerprint));
  const optional = (label: string, value: string | readonly string[] | undefined): Row[] =>
    value === undefined ? [] : [[label, value]];
  return [
    "",
    ["to seal", sized],
    ["from", own.unit],
    ...recipients.flatMap(({ card, fingerprint }): Row[] => [
      ["to", card.unit],
      ...fingerprintRows(fingerprint).slice(1),
    ]),
    ["into", options.out],
    ...optional("case", options.case),
    ...optional("exhibits", options.exhibit),
    ...optional("officer", options.officer),
    ...optional("reason", options.reason),
    ...optional("record", options.record),
    "",
  ];
}

function unitOf({ unit }: Card): string {
  return unit;
}
