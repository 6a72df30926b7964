import { platform } from "node:os";
import { EvsealError } from "../errors.js";

/**
 * A path as it was meant: without spaces around it, and without the quotes or backslashes that a file dragged into a
 * terminal comes with.
 */
export function typedPath(answer: string): string {
  const trimmed = answer.trim();
  const quoted = /^(["'])(.+)\1$/.exec(trimmed)?.[2];
  if (quoted !== undefined || platform() === "win32") return quoted ?? trimmed;
  return trimmed.replace(/\\(.)/g, "$1");
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
