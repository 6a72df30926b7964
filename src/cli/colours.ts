/** The only door to chalk. */
import { Chalk, type ChalkInstance } from "chalk";

export type Colours = ChalkInstance;

/**
 * The colours for one stream: none unless it is a terminal that has them and nobody said no
 * (https://no-color.org, `--no-color`).
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Colours {
  const refused = !wanted || Boolean(environment["NO_COLOR"]) || environment["TERM"] === "dumb";
  return new Chalk({ level: stream.isTTY === true && !refused ? 1 : 0 });
}
