import { lstat } from "node:fs/promises";
import { EvsealError } from "../../errors.js";
import { encodeCard } from "../../keys/card.js";
import { Home } from "../../keys/home.js";
import { loadCard } from "../../keys/unit-keys.js";
import { writePublicFile } from "../../output/home-files.js";
import { showOwnCard } from "../card-result.js";
import type { Session } from "../session.js";

export interface CardOptions {
  readonly out?: string;
}

export async function card(session: Session, { out }: CardOptions): Promise<void> {
  const own = await loadCard(Home.at(session.homePath));
  if (out === undefined) {
    showOwnCard(session, own);
    return;
  }
  await refuseExisting(out); // writePublicFile replaces
  await writePublicFile(out, encodeCard(own));
  showOwnCard(session, own, [["copied to", out]]);
  session.ui.next("send that file; when they ring, read them the twelve words: only then may they trust it");
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await lstat(path).then(
    () => true,
    () => false, // the writing will say what is wrong
  );
  if (!isThere) return;
  throw new EvsealError("OUTPUT_EXISTS", "there is something at the path for the card already", {
    hint: "name a file that is not there yet",
    subject: path,
  });
}
