import * as z from "zod";
import { party } from "../package/label.js";
import { instant, sha256Hex, sizeInBytes } from "../package/text-field.js";

const stateOfFinding = z.enum(["ok", "warning", "failed", "not examined"]);

/** What `doctor --json` prints. */
export const examined = z.object({
  ok: z.boolean().describe("nothing failed; the exit code is 0 exactly when it is true"),
  examinedAt: instant.describe("by this machine's clock"),
  unit: party.exactOptional().describe("where it has keys"),
  versions: z.object({
    evseal: z.string(),
    node: z.string(),
    openssl: z.string(),
    libsodium: z.string(),
    system: z.string(),
  }),
  program: z
    .object({
      sha256: sha256Hex.exactOptional().describe("one digest over evseal's files, as docs/DOCTOR.md describes it"),
      files: sizeInBytes.exactOptional().describe("how many these are"),
      executableSha256: sha256Hex.exactOptional().describe("of Node.js, or of evseal where it is one file"),
    })
    .describe("what was examined"),
  requirements: z
    .array(
      z.object({
        id: z.string().describe("R1 and so on, as in the report"),
        requirement: z.string(),
        source: z.string().describe("the document and section that demand it"),
        testedWith: z.string().describe("the published vectors"),
        state: stateOfFinding,
        detail: z.string(),
        hint: z.string(),
      }),
    )
    .readonly(),
  findings: z
    .array(
      z.object({
        check: z.string().describe("what was looked at; stable, as the codes of errors are"),
        state: stateOfFinding,
        detail: z.string(),
        hint: z.string(),
      }),
    )
    .readonly(),
  report: z.string().exactOptional().describe("the file that was written"),
});
