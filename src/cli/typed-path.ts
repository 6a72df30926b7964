import { EvsealError } from "../errors.js";

/** A path as it was meant: without spaces around it, or the quotes that a file dragged into a terminal comes with. */
export function typedPath(answer: string): string {
  const trimmed = answer.trim();
  return /^(["'])(.+)\1$/.exec(trimmed)?.[2] ?? trimmed;
}

/** What `attempt` refuses, in words for the person who gave the answer; undefined when it refuses nothing. */
export async function complaintOf(attempt: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof EvsealError)) throw error;
    return `${error.message}: ${error.hint}`;
  }
}
