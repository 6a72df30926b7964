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
  const all = [{ folder, found: await findLeftovers(folder) }];
  for (const each of [home.path, home.contacts]) all.push({ folder: each, found: await findHomeLeftovers(each) });
  const found = all.flatMap((place) => place.found);
  const removable = found.filter(({ kept }) => kept === undefined);
  if (removable.length > 0 && yes !== true) await confirm(session, removable);
  for (const place of all) {
    // Somebody may have begun to work on one while the question stood.
    const now = place.folder === folder ? await findLeftovers(folder) : await findHomeLeftovers(place.folder);
    const free = new Set(now.filter(({ kept }) => kept === undefined).map(({ path }) => path));
    await removeLeftovers(
      place.folder,
      place.found.filter(({ path, kept }) => kept === undefined && free.has(path)),
    );
  }
  const kept = found.filter((leftover) => leftover.kept !== undefined);
  const document: CleanDocument = { removed: removable.map(documentOf), kept: kept.map(documentOf) };
  ui.result(document, [
    ...(found.length === 0 ? ["there is nothing to clean"] : []),
    ...removable.map((leftover) => rowOf("removed", leftover)),
    ...kept.map((leftover) => rowOf("kept", leftover)),
  ]);
  refuseForeign(kept);
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
