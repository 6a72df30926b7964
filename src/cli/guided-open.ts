import { PackageFiles } from "../opening/package-files.js";
import { requireOutFolder } from "../output/out-folder.js";
import type { GivenOpenOptions, OpenOptions } from "./open-options.js";
import { askLine } from "./prompts.js";
import type { Session } from "./session.js";
import { complaintOf, typedPath } from "./typed-path.js";

export interface GuidedOpen {
  readonly path: string;
  readonly options: OpenOptions;
}

/** Asks a person which package, and where its files are to go. Throws INTERRUPTED. */
export async function guideOpen(
  { signal }: Session,
  path: string | undefined,
  given: GivenOpenOptions,
): Promise<GuidedOpen> {
  const question = "the disc, or the folder of the package (EV-…):";
  const packagePath =
    path ??
    (await askLine(question, signal, async (answer) => {
      return answer.trim() === "" ? "name a folder" : await complaintOf(() => PackageFiles.in(typedPath(answer)));
    }));
  const complaintOfFolder = async (answer: string): Promise<string | undefined> => {
    return await complaintOf(() => requireOutFolder(typedPath(answer)));
  };
  const out = given.out ?? (await askLine("existing folder to open it into:", signal, complaintOfFolder));
  return { path: typedPath(packagePath), options: { ...given, out: typedPath(out) } };
}
