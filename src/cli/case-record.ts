import { fromUtf8 } from "../bytes.js";
import { EvsealError } from "../errors.js";
import { caseRecord, type CaseRecord } from "../package/manifest.js";
import { parseUnambiguousJson } from "../package/unambiguous-json.js";
import { readInputFile } from "./input-file.js";
import type { Session } from "./session.js";

/** What `pack` is told about the case; none of it leaves the sealed manifest. */
export interface RecordOptions {
  readonly case?: string;
  readonly exhibit?: readonly string[];
  readonly officer?: string;
  readonly reason?: string;
  /** A JSON file with the same; what was said as an option counts before it. */
  readonly record?: string;
}

const capBytes = 256 * 1024;

/** Throws USAGE for an option, RECORD_UNUSABLE for the file. No message quotes what was given. */
export async function readCaseRecord({ signal }: Session, options: RecordOptions): Promise<CaseRecord> {
  const fromFile = options.record === undefined ? {} : await readRecordFile(options.record, signal);
  const said = Object.entries({
    case: options.case,
    exhibits: options.exhibit,
    officer: options.officer,
    reason: options.reason,
  }).filter(([, value]) => value !== undefined);
  const parsed = caseRecord.safeParse(Object.fromEntries(said));
  if (parsed.success) return { ...fromFile, ...parsed.data };
  const member = parsed.error.issues[0]?.path[0];
  throw new EvsealError("USAGE", `--${member === "exhibits" ? "exhibit" : String(member)} cannot be kept as it is`, {
    hint: "up to 200 visible characters on one line, no space at either end",
  });
}

async function readRecordFile(path: string, signal: AbortSignal): Promise<CaseRecord> {
  const content = await readInputFile(path, { capBytes, signal, refuse: unusable });
  try {
    return caseRecord.parse(parseUnambiguousJson(fromUtf8(content)));
  } catch (cause) {
    throw unusable("is not what evseal expects", cause);
  }
}

function unusable(complaint: string, cause?: unknown): EvsealError {
  return new EvsealError("RECORD_UNUSABLE", `the record file ${complaint}`, {
    hint: 'write JSON with no other members than these: {"case": "…", "exhibits": ["…"], "officer": "…", "reason": "…"}',
    cause,
  });
}
