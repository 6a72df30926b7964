/** What evseal must never do, done for it: a campaign shows that it would have seen it. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command, Place } from "./trial.js";

type Plant = (place: Pick<Place, "out">) => void;

const nameOf = (command: Command): string => `EV-0000-0000-0000${command === "open" ? ".opened" : ""}`;

/** A staging folder that nobody has removed. */
export function leavesStaging(command: Command): Plant {
  return ({ out }) => mkdirSync(path.join(out, `.${nameOf(command)}.partial`), { mode: 0o700 });
}

/** What is not finished, under the name of what is. */
export const givesFinalNames: Plant = ({ out }) => {
  for (const name of readdirSync(out).filter((each) => each.endsWith(".partial")))
    renameSync(path.join(out, name), path.join(out, name.slice(1, -".partial".length)));
};

/** A result that is not whole. */
export function leavesHalf(command: Command): Plant {
  return ({ out }) => mkdirSync(path.join(out, nameOf(command)), { mode: 0o700 });
}

/** A result that was said to be there. */
export const losesResult: Plant = ({ out }) => {
  for (const name of readdirSync(out)) rmSync(path.join(out, name), { recursive: true });
};

/** A file where the output folder was not. */
export const writesElsewhere: Plant = ({ out }) => {
  writeFileSync(path.join(`${out}.elsewhere`, "spooled"), "");
};
