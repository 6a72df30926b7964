import type { NextDisc } from "../opening/each-disc.js";
import type { Session } from "./session.js";
import { typedPath } from "./typed-path.js";

/** Asks for the discs of a package that are missing; undefined where nobody is there to be asked. */
export function discPrompt({ canGuide, signal, ui }: Session, paths: readonly string[]): NextDisc | undefined {
  if (!canGuide) return undefined;
  let drive = paths.at(-1) ?? "";
  return async ({ discs, discCount, complaint }) => {
    const { askLine } = await import("./prompts.js"); // inquirer is slow to load
    if (complaint !== undefined) ui.note(complaint.message);
    const question = `put in disc ${discs.join(" or ")} of ${discCount} and press Enter, or type the folder where it is:`;
    const answer = typedPath(await askLine(question, signal));
    if (answer !== "") drive = answer;
    return drive;
  };
}
