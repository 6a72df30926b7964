import { encodeCard } from "../../keys/card.js";
import { Home } from "../../keys/home.js";
import { loadCard } from "../../keys/unit-keys.js";
import { createPublicFile } from "../../output/home-files.js";
import { showOwnCard } from "../own-card.js";
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
  await createPublicFile(out, encodeCard(own));
  showOwnCard(session, own, [["copied to", out]]);
  session.ui.next("send that file; when they ring, read them the twelve words: only then may they trust it");
}
