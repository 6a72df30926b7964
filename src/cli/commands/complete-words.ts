import { Contacts } from "../../keys/contacts.js";
import { Home } from "../../keys/home.js";
import type { Completion } from "../completion.js";
import type { Session } from "../session.js";

/** Prints for a shell what `current` can become: "files", or "words" and each word on a line. Never fails. */
export async function completeWords(session: Session, completion: Completion, current: string): Promise<void> {
  if (completion === "files") {
    session.ui.page("files\n");
    return;
  }
  const words = completion === "contacts" ? await contactNames(session) : completion;
  const typed = current.replace(/^["']/, "").toLowerCase();
  const fitting = words.filter((word) => word.toLowerCase().startsWith(typed));
  session.ui.page(["words", ...fitting].map((line) => `${line}\n`).join(""));
}

async function contactNames({ homePath }: Session): Promise<readonly string[]> {
  const contacts = await Contacts.load(Home.at(homePath)).catch(() => undefined); // TAB is no place for an error
  return contacts?.list().map(({ card }) => card.unit) ?? [];
}
