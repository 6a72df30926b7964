import { PackageDiscs } from "../opening/package-discs.js";
import { requireOutFolder } from "../output/out-folder.js";
import type { GivenOpenOptions, OpenOptions } from "./open-options.js";
import { askLine } from "./prompts.js";
import type { Session } from "./session.js";
import { complaintOf, typedPath } from "./typed-path.js";

export interface GuidedOpen {
  readonly paths: readonly string[];
  readonly options: OpenOptions;
}

/** Asks a person which package, and where its files are to go. Throws INTERRUPTED. */
export async function guideOpen(
  { signal }: Session,
  paths: readonly string[],
  given: GivenOpenOptions,
): Promise<GuidedOpen> {
  const question = "the disc, or the folder of the package (EV-…):";
  const askPackage = async (): Promise<string> => {
    return await askLine(question, signal, async (answer) => {
      return answer.trim() === "" ? "name a folder" : await complaintOf(() => PackageDiscs.in([typedPath(answer)]));
    });
  };
  const packagePaths = paths.length > 0 ? paths : [typedPath(await askPackage())];
  const complaintOfFolder = async (answer: string): Promise<string | undefined> => {
    return await complaintOf(() => requireOutFolder(typedPath(answer)));
  };
  const out = given.out ?? (await askLine("existing folder to open it into:", signal, complaintOfFolder));
  return { paths: packagePaths, options: { ...given, out: typedPath(out) } };
}
