import { EvsealError } from "../errors.js";
import { readInputFile } from "./input-file.js";
import type { Session } from "./session.js";

/** A card is under 3 KiB, a minisign public key a few hundred bytes. */
const capBytes = 8 * 1024;

/** The bytes of a card or public key that somebody sent. Throws CARD_UNUSABLE when there are none or too many. */
export async function readCardFile({ signal }: Session, path: string): Promise<Uint8Array> {
  return await readInputFile(path, {
    capBytes,
    signal,
    refuse: (problem, cause) =>
      new EvsealError("CARD_UNUSABLE", `the card file ${problem}`, {
        hint: "name the .card.json file that the unit sent",
        subject: path,
        cause,
      }),
  });
}
