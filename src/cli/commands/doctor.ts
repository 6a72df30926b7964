import { examine, type Examination } from "../../doctor/examine.js";
import type { Finding } from "../../doctor/finding.js";
import { reportOf } from "../../doctor/report.js";
import { EvsealError } from "../../errors.js";
import { createPublicFile } from "../../output/home-files.js";
import { count } from "../amounts.js";
import type { DoctorDocument } from "../json-documents.js";
import type { Session } from "../session.js";
import type { Row } from "../ui.js";

export interface DoctorOptions {
  readonly out?: string;
  readonly report?: string;
}

/** Shows what was found, and throws SELF_TEST_FAILED or UNIT_UNFIT where something failed. */
export async function doctor(session: Session, { out, report }: DoctorOptions): Promise<void> {
  const { ui, homePath, watch, clock, programRoot } = session;
  const subject = {
    homePath,
    ...(out !== undefined && { outDir: out }),
    programRoot,
    runtime: {
      node: process.versions.node,
      openssl: process.versions.openssl,
      system: `${process.platform} ${process.arch}`,
      executable: process.execPath,
    },
  };
  const examination = await examine(subject, clock(), watch);
  if (report !== undefined) await createPublicFile(report, reportOf(examination));
  ui.result(documentOf(examination, report), [
    ...rowsFor(examination),
    ...(report === undefined ? [] : [["report", report] as const]),
  ]);
  refuseFailed(examination);
}

function documentOf(examination: Examination, report: string | undefined): DoctorDocument {
  const { ok, examinedAt, unit, versions, program, requirements, findings } = examination;
  const { digest, executableSha256 } = program;
  return {
    ok,
    examinedAt,
    ...(unit !== undefined && { unit }),
    versions,
    program: {
      ...(digest !== undefined && { sha256: digest.sha256, files: digest.files }),
      ...(executableSha256 !== undefined && { executableSha256 }),
    },
    requirements: requirements.map(({ id, says, ...rest }) => ({ id, requirement: says, ...rest })),
    findings: findings.map(({ check, state, detail, hint }) => ({ check, state, detail, hint })),
    ...(report !== undefined && { report }),
  };
}

function rowsFor({ requirements, findings }: Examination): readonly Row[] {
  const unmet = requirements.filter(({ state }) => state === "failed");
  const met = requirements.length - unmet.length;
  const rest = unmet.map(({ id, says }) => `${id}: ${says}`);
  const state = unmet.length === 0 ? "ok" : "FAILED";
  return [
    ["known answers", [`${state}: ${met} of ${requirements.length} right, for what others have published`, ...rest]],
    ...findings.map(({ check, state, detail, hint }): Row => {
      if (state === "ok") return [check, `ok: ${detail}`];
      const shown = state === "not examined" ? detail : `${state === "failed" ? "FAILED" : state}: ${detail}`;
      return [check, [shown, `to do: ${hint}`]];
    }),
  ];
}

/** What is wrong with evseal itself weighs more than what is wrong with the unit's keys. */
function refuseFailed({ requirements, findings }: Examination): void {
  const isFailed = ({ state }: Pick<Finding, "state">): boolean => state === "failed";
  const [unmet, failed] = [requirements.filter(isFailed), findings.filter(isFailed)];
  const ofEvseal = failed.filter(({ concern }) => concern === "evseal");
  if (unmet.length + ofEvseal.length > 0) {
    const hint = "seal and open nothing with it: install evseal and Node.js anew, and run evseal doctor again";
    throw new EvsealError("SELF_TEST_FAILED", "evseal does not work as it should on this machine", { hint });
  }
  if (failed.length === 0) return;
  throw new EvsealError("UNIT_UNFIT", `something must be put right here: ${count(failed.length, "finding")} failed`, {
    hint: "do what stands beside each of them, and run evseal doctor again",
  });
}
