import { parseRecipient } from "../age/recipient.js";
import { EvsealError } from "../errors.js";
import { isExpired, type Card } from "../keys/card.js";
import { Contacts } from "../keys/contacts.js";
import { Home } from "../keys/home.js";
import { loadPolicy, type Policy } from "../keys/policy.js";
import {
  isAllowedRecipient,
  isCardOf,
  isTooOld,
  requireAllowedRecipients,
  requireYoungOwnCard,
} from "../keys/policy-rules.js";
import { loadCard } from "../keys/unit-keys.js";
import { listSources } from "../media/source-list.js";
import { requireOnlyPackages, requireOutFolder } from "../output/out-folder.js";
import { refuseOverlap } from "../output/overlap.js";
import type { CaseRecord } from "../package/manifest.js";
import { interrupted } from "../watch.js";
import { count, formatBytes } from "./amounts.js";
import { complaintOf, typedPath } from "./typed-path.js";
import type { GivenPackOptions, PackOptions } from "./pack-options.js";
import { expiryRemark } from "../keys/expiry-remark.js";
import { askForRecord } from "./guided-record.js";
import { askForSome, askLine, askYesOrNo } from "./prompts.js";
import { fingerprintRows } from "./rows.js";
import type { Session } from "./session.js";
import type { Row } from "./ui.js";

export interface GuidedPack {
  readonly sources: readonly string[];
  readonly options: PackOptions;
  readonly record: CaseRecord;
}

/**
 * Asks a person for what the command line left out, shows what will be sealed to whom, and asks once. Nothing is asked
 * before it is certain that there are keys and contacts. What policy refuses is refused as soon as it is known. Throws INTERRUPTED for "no" as well.
 */
export async function guidePack(
  session: Session,
  paths: readonly string[],
  given: GivenPackOptions,
  said: CaseRecord,
): Promise<GuidedPack> {
  const home = Home.at(session.homePath);
  const own = await loadCard(home);
  const policy = await loadPolicy(home);
  requireYoungOwnCard(policy, own, session.clock());
  const contacts = await Contacts.load(home);
  const sources = paths.length > 0 ? paths : await askForSources(session);
  const to = given.to ?? (await askForRecipients(session, contacts, policy));
  const recipients = to.map((nameOrFingerprint) => contacts.find(nameOrFingerprint).card);
  requireAllowedRecipients(policy, recipients, session.clock());
  const out = given.out ?? (await askForOutFolder(session, sources));
  const asked = { required: policy.requireRecord, asksAll: given.record === undefined };
  const record = await askForRecord(session, said, asked);
  const options: PackOptions = { ...given, to, out };
  session.ui.show(await summaryOf(session, { sources, options, record }, own, contacts));
  session.ui.show([`only ${recipients.map(unitOf).join(" and ")} can open it: your own unit cannot`]);
  if (!(await askYesOrNo("seal it now?", session.signal))) throw interrupted();
  return { sources, options, record };
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

/** The recovery recipient of the unit's policy is no choice: it is among the recipients whatever is chosen. */
async function askForRecipients(
  { signal, clock, ui }: Session,
  contacts: Contacts,
  policy: Policy,
): Promise<readonly string[]> {
  const recovery = policy.recoveryRecipient;
  if (recovery !== undefined) {
    const cards = contacts.list().map(({ card }) => card);
    requireAllowedRecipients(
      policy,
      cards.filter((card) => isCardOf(card, recovery)),
      clock(),
    );
  }
  const others = contacts.list().filter(({ card }) => recovery === undefined || !isCardOf(card, recovery));
  const choices = others.map(({ card, fingerprint }) => {
    const reason = whyNot(policy, card, clock());
    const remark = expiryRemark(card, clock());
    return {
      name: card.unit + (reason === undefined && remark !== undefined ? ` (its card expires ${remark})` : ""),
      description: `its words: ${fingerprint.words}`,
      disabled: reason,
      value: fingerprint.hex,
    };
  });
  if (!choices.some(({ disabled }) => disabled === undefined)) {
    throw new EvsealError("CONTACT_UNKNOWN", "there is no contact yet that anything could be sealed to", {
      hint: "evseal contacts add CARD takes in the card of the receiving unit; evseal policy shows whom your unit allows",
    });
  }
  if (recovery !== undefined) {
    ui.note(`your unit's policy has every package sealed to ${recovery.unit} as well`);
  }
  const chosen = await askForSome("which units may open it?", choices, signal);
  return recovery === undefined ? chosen : [...chosen, recovery.fingerprint];
}

/** Why nothing can be sealed to this card, as it stands beside its name. */
function whyNot(policy: Policy, card: Card, at: Date): string | undefined {
  if (isExpired(card, at)) return "(its card has expired: ask for a new one)";
  if (!isAllowedRecipient(policy, card)) return "(your unit's policy does not allow it)";
  if (isTooOld(policy, card, at)) return "(its key is older than your unit's policy allows)";
  const isClassic = parseRecipient(card.recipient).kind === "X25519";
  return isClassic && policy.requirePostQuantum
    ? "(its key is classic, which your unit's policy does not allow)"
    : undefined;
}

async function askForOutFolder({ signal, homePath }: Session, sources: readonly string[]): Promise<string> {
  const typed = await askLine("existing, empty folder to put the package into:", signal, async (answer) => {
    if (answer.trim() === "") return "name a folder";
    return await complaintOf(async () => {
      await refuseOverlap(typedPath(answer), sources, { home: homePath });
      await requireOutFolder(typedPath(answer));
      await requireOnlyPackages(typedPath(answer));
    });
  });
  return typedPath(typed);
}

async function summaryOf(
  session: Session,
  { sources, options, record }: GuidedPack,
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
    ...optional("case", record.case),
    ...optional("exhibits", record.exhibits),
    ...optional("officer", record.officer),
    ...optional("reason", record.reason),
    "",
  ];
}

function unitOf({ unit }: Card): string {
  return unit;
}
