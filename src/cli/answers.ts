import { EvsealError } from "../errors.js";
import type { Session } from "./session.js";

/** What a command cannot do without: the option or argument that gives it, as its help spells it, and what was given. */
export type Answer = readonly [name: string, given: unknown];

/**
 * The one place where it is decided what happens to a command line that leaves something out: true when a person is
 * there and is to be asked, false when nothing is missing. Throws ANSWER_MISSING, naming what a script has to give.
 */
export function mustAsk(session: Session, command: string, answers: readonly Answer[]): boolean {
  const missing = answers.find(([, given]) => given === undefined || (Array.isArray(given) && given.length === 0));
  if (missing === undefined) return false;
  if (session.canGuide) return true;
  throw answerMissing(missing[0], `evseal ${command}`);
}

export function answerMissing(name: string, command: string): EvsealError {
  const what = name.startsWith("-") ? name : `the ${name}`;
  return new EvsealError("ANSWER_MISSING", `${what} is missing`, {
    hint: `give ${what}; ${command} --help shows what it takes`,
  });
}
