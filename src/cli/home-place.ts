import { resolve } from "node:path";

/** Where this unit's keys and contacts live: EVSEAL_HOME, or the user's own configuration folder. */
export async function homePlace(environment: NodeJS.ProcessEnv): Promise<string> {
  const named = environment["EVSEAL_HOME"];
  if (named) return resolve(named);
  const { default: envPaths } = await import("env-paths"); // which asks at once who the user is: not every machine knows
  return envPaths("evseal", { suffix: "" }).config;
}
