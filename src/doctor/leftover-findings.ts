import { EvsealError } from "../errors.js";
import type { Home } from "../keys/home.js";
import { findHomeLeftovers, findLeftovers, type Leftover } from "../output/leftovers.js";
import { Check, type Finding } from "./finding.js";

const leftovers = new Check("leftovers", "unit");

/** What interrupted runs left in the home and, where it is named, in an output folder. */
export async function leftoverFinding(home: Home, outDir: string | undefined): Promise<Finding> {
  const places = [findHomeLeftovers(home.path), findHomeLeftovers(home.contacts)];
  try {
    const found = (await Promise.all([...places, ...(outDir === undefined ? [] : [findLeftovers(outDir)])])).flat();
    return describe(found, outDir === undefined ? "in the home" : "in the home or the output folder");
  } catch (error) {
    if (!(error instanceof EvsealError)) throw error;
    return leftovers.failed("the output folder cannot be looked into", "name an existing folder that you may read");
  }
}

function describe(found: readonly Leftover[], where: string): Finding {
  const idle = found.filter(({ kept }) => kept !== "in use");
  if (idle.length === 0) return leftovers.ok(`no interrupted run has left anything ${where}`);
  const clear = idle.filter(({ kind }) => kind === "clear").length;
  const hint = "evseal clean DIR removes them, and says of each what may be inside";
  const some = `interrupted runs have left ${idle.length} hidden file${idle.length === 1 ? " or folder" : "s or folders"}`;
  return leftovers.warning(clear === 0 ? some : `${some}, ${clear} of them with evidence in the clear`, hint);
}
