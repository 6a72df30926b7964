import { libsodiumVersion } from "../crypto/sodium.js";
import { fingerprintOf } from "../keys/fingerprint.js";
import { Home } from "../keys/home.js";
import { instantOf } from "../package/text-field.js";
import { version } from "../version.js";
import { throwIfInterrupted, type Watch } from "../watch.js";
import { clockFinding } from "./clock-finding.js";
import type { Finding } from "./finding.js";
import { keyFindings } from "./key-findings.js";
import { leftoverFinding } from "./leftover-findings.js";
import { memoryFindings } from "./memory-findings.js";
import { digestOfFile, digestOfProgram, programFinding, type ProgramDigest } from "./program-digest.js";
import { testRequirements, type TestedRequirement } from "./requirements.js";
import { runtimeFinding, type Runtime } from "./runtime-findings.js";
import { thisMachine } from "./surroundings.js";
import { cardFindings, policyFinding, type UnitCards } from "./unit-findings.js";

export interface Subject {
  readonly homePath: string;
  /** An output folder to look for leftovers in. */
  readonly outDir?: string;
  /** The folder that evseal is installed in; undefined where it is one file. */
  readonly programRoot: string | undefined;
  readonly runtime: Runtime;
}

/** All that was found, and what it was found on. */
export interface Examination {
  /** Nothing failed. */
  readonly ok: boolean;
  readonly examinedAt: string;
  readonly unit?: { readonly unit: string; readonly fingerprint: string };
  readonly versions: Readonly<Record<"evseal" | "node" | "openssl" | "libsodium" | "system", string>>;
  readonly program: { readonly digest?: ProgramDigest; readonly executableSha256?: string };
  readonly requirements: readonly TestedRequirement[];
  readonly findings: readonly Finding[];
}

/** Looks at everything, changes nothing, and needs neither home nor passphrase. Throws INTERRUPTED. */
export async function examine(subject: Subject, at: Date, watch: Watch): Promise<Examination> {
  const home = Home.at(subject.homePath);
  const requirements = await testRequirements(watch);
  const { programRoot } = subject;
  const digest = programRoot === undefined ? undefined : await digestOfProgram(programRoot);
  throwIfInterrupted(watch);
  const executable = await digestOfFile(subject.runtime.executable).catch(() => undefined);
  const { cards, findings: ofUnit } = await examineUnit(home, subject.outDir, at);
  const findings = [
    runtimeFinding(subject.runtime, at),
    programFinding(digest),
    ...ofUnit,
    ...(await memoryFindings(thisMachine)),
  ];
  throwIfInterrupted(watch);
  const { node, openssl, system } = subject.runtime;
  return {
    ok: [...requirements, ...findings].every(({ state }) => state !== "failed"),
    examinedAt: instantOf(at),
    ...(cards.own !== undefined && { unit: { unit: cards.own.unit, fingerprint: fingerprintOf(cards.own).hex } }),
    versions: { evseal: version, node, openssl, libsodium: libsodiumVersion, system },
    program: {
      ...(digest !== undefined && { digest }),
      ...(executable !== undefined && { executableSha256: executable }),
    },
    requirements,
    findings,
  };
}

/** What a unit's home says, and what was left behind in it and in `outDir`. */
export async function examineUnit(
  home: Home,
  outDir: string | undefined,
  at: Date,
): Promise<{ readonly cards: UnitCards; readonly findings: readonly Finding[] }> {
  const { cards, findings } = await cardFindings(home, at);
  return {
    cards,
    findings: [
      ...(await keyFindings(home)),
      ...findings,
      await policyFinding(home, cards, at),
      await leftoverFinding(home, outDir),
      clockFinding(at, [...cards.contacts, ...(cards.own === undefined ? [] : [cards.own])]),
    ],
  };
}
