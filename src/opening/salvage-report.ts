import { Readable } from "node:stream";
import { utf8 } from "../bytes.js";
import { RecoveredFile } from "../output/recovered-file.js";
import { PortablePath } from "../package/portable-path.js";
import { escape } from "../unsafe-name.js";
import type { SalvagedFile, SalvageResult } from "./salvage-result.js";

const meanings = {
  whole: "recovered: every byte is the sealed one, as the signed manifest has it",
  partial: "not recovered: only some of it could be read",
  lost: "not recovered: nothing of it could be read",
} as const satisfies Record<SalvagedFile["state"], string>;

/** What was saved and what was not, for whoever finds the folder: REPORT.txt, in plain text. */
export function salvageReport(result: Omit<SalvageResult, "out">, modified: Date): RecoveredFile {
  const { seal, sender, files, whole, lostBytes } = result;
  const lines = [
    `UNVERIFIED, PARTIAL: what evseal salvage recovered from package ${seal}`,
    "",
    `sender: ${sender.unit}, ${sender.fingerprint}`,
    `recovered: ${whole} of ${files.length} files`,
    `lost: ${lostBytes} bytes of the package, of files or of what is around them`,
    ...(result.ok
      ? ["Nothing is lost: evseal open may open the package itself."]
      : ["Ask the sender for another copy."]),
    "",
    ...(["whole", "partial", "lost"] as const).flatMap((state) => section(state, files)),
  ];
  const content = Readable.from([utf8(lines.map((line) => `${escape(line)}\n`).join(""))]);
  return RecoveredFile.authenticated(PortablePath.parse("REPORT.txt"), modified, content);
}

function section(state: SalvagedFile["state"], files: readonly SalvagedFile[]): readonly string[] {
  const found = files.filter((file) => file.state === state);
  if (found.length === 0) return [];
  const lostOf = ({ lostBytes }: SalvagedFile): string => (state === "partial" ? `, ${lostBytes} of them lost` : "");
  return [
    `${state} (${meanings[state]}):`,
    ...found.map((file) => `  ${file.path.toString()}  (${file.sizeBytes} bytes${lostOf(file)})`),
    "",
  ];
}
