import { resolve } from "node:path";
import envPaths from "env-paths";

/** Where this unit's keys and contacts live: EVSEAL_HOME, or the user's own configuration folder. */
export function homePlace(environment: NodeJS.ProcessEnv): string {
  const named = environment["EVSEAL_HOME"];
  return named ? resolve(named) : envPaths("evseal", { suffix: "" }).config;
}
