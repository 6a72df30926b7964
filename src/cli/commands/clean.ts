import { EvsealError } from "../../errors.js";
import { Home } from "../../keys/home.js";
import { findHomeLeftovers, findLeftovers, removeLeftovers, type Leftover } from "../../output/leftovers.js";
import { count } from "../amounts.js";
import type { CleanDocument, LeftoverDocument } from "../json-documents.js";
import { leftoverContent } from "../leftover-notes.js";
import type { Session } from "../session.js";
import type { Row } from "../ui.js";

export interface CleanOptions {
  readonly yes?: true;
}

/** Removes what interrupted runs left in `folder` and in the home. Throws LEFTOVER_FOREIGN for what it leaves there. */
export async function clean(session: Session, folder: string, { yes }: CleanOptions): Promise<void> {
  const { ui, homePath } = session;
  const home = Home.at(homePath);
  const places = [
    { folder, find: findLeftovers },
    ...[home.path, home.contacts].map((each) => ({ folder: each, find: findHomeLeftovers })),
  ];
  const found = (await Promise.all(places.map((place) => place.find(place.folder)))).flat();
  const removable = found.filter(isRemovable);
  if (removable.length > 0 && yes !== true) await confirm(session, removable);
  const agreed = new Set(removable.map(({ path }) => path));
  const [removed, kept]: [Leftover[], Leftover[]] = [[], []];
  for (const place of places) {
    const now = await place.find(place.folder); // somebody may have begun to work on one while the question stood
    const removing = now.filter((leftover) => isRemovable(leftover) && agreed.has(leftover.path));
    await removeLeftovers(place.folder, removing);
    removed.push(...removing);
    kept.push(...now.filter((leftover) => !isRemovable(leftover)));
  }
  const document: CleanDocument = { removed: removed.map(documentOf), kept: kept.map(documentOf) };
  ui.result(document, [
    ...(removed.length + kept.length === 0 ? ["there is nothing to clean"] : []),
    ...removed.map((leftover) => rowOf("removed", leftover)),
    ...kept.map((leftover) => rowOf("kept", leftover)),
  ]);
  refuseForeign(kept);
}

function isRemovable({ kept }: Leftover): boolean {
  return kept === undefined;
}

async function confirm({ ui, canAsk, signal }: Session, removable: readonly Leftover[]): Promise<void> {
  for (const leftover of removable) ui.note(`found ${describe(leftover)}`);
  if (!canAsk) {
    throw new EvsealError("ANSWER_MISSING", "whether to remove the leftovers is not said", {
      hint: "give --yes to remove what interrupted runs have left",
    });
  }
  const { askLine } = await import("../prompts.js"); // inquirer is slow to load, and few commands ask
  const answer = await askLine(`type yes to remove ${count(removable.length, "leftover")}:`, signal);
  if (answer.trim().toLowerCase() === "yes") return;
  throw new EvsealError("INTERRUPTED", "nothing was removed", { hint: "run evseal clean again, and type yes" });
}

function describe({ seal, kind }: Leftover): string {
  return `${seal ?? "a hidden file in the home"}: ${leftoverContent[kind]}`;
}

function documentOf({ path, seal, kind, kept }: Leftover): LeftoverDocument {
  return { ...(seal !== undefined && { seal }), path, kind, ...(kept !== undefined && { reason: kept }) };
}

function rowOf(label: string, leftover: Leftover): Row {
  const reasons = {
    "in use": "another evseal is at work on it",
    foreign: "it is another user's, or holds what evseal did not put there",
  };
  return [label, [describe(leftover), ...(leftover.kept === undefined ? [] : [reasons[leftover.kept]])]];
}

function refuseForeign(kept: readonly Leftover[]): void {
  const foreign = kept.find((leftover) => leftover.kept === "foreign");
  if (foreign === undefined) return;
  throw new EvsealError(
    "LEFTOVER_FOREIGN",
    "a hidden folder is another user's, or holds what evseal did not put there, and was left alone",
    {
      subject: foreign.path,
      hint: "look into it, move what is yours to a safe place, and remove the rest by hand",
    },
  );
}
