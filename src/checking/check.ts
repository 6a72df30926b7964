import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError, type ErrorCode } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { PackageFiles } from "../opening/package-files.js";
import { verifyPackage } from "../opening/verify-package.js";
import { shippedHowTos } from "../package/how-to-open.js";
import type { Party } from "../package/label.js";
import { howToName, leftoverOf, sealOfLabelName } from "../package/names.js";
import { limits } from "../package/limits.js";
import { throwIfInterrupted, type Watch } from "../watch.js";

/** Stable, like the codes of errors, which a damaged package is reported by. */
export type FindingCode =
  | ErrorCode
  | "NOTHING_SEALED"
  | "UNREADABLE"
  | "LINK"
  | "CLEAR_FILE"
  | "SPECIAL_FILE"
  | "FOLDER_NAME"
  | "LEFTOVER"
  | "LEFTOVER_CLEAR";

/** One reason to say no; `detail` and `hint` are clauses for a person, `path` is for a terminal and for JSON only. */
export interface Finding {
  readonly code: FindingCode;
  readonly path: string;
  readonly detail: string;
  readonly hint: string;
}

export interface CheckedPackage {
  readonly seal: string;
  readonly path: string;
  readonly sender: Party;
  readonly recipients: readonly Party[];
}

/** What `check --json` prints. */
export interface CheckResult {
  readonly ok: boolean;
  readonly packages: readonly CheckedPackage[];
  readonly findings: readonly Finding[];
}

interface CheckOptions {
  readonly trusted: TrustedSigners;
  readonly watch: Watch;
}

/**
 * The gate before burning: whether `path` holds complete, valid packages of trusted senders, at least one, and nothing
 * else at all. Decided by structure, signature and hash, never by a name's ending. Findings are results, not errors;
 * throws INTERRUPTED only, and faults.
 */
export async function checkTree(path: string, options: CheckOptions): Promise<CheckResult> {
  const outcomes = await checkFolder(path, options);
  const packages = outcomes.filter((outcome) => "seal" in outcome);
  const findings = outcomes.filter((outcome) => "code" in outcome);
  if (packages.length === 0 && findings.length === 0) findings.push(finding("NOTHING_SEALED", path));
  return { ok: findings.length === 0, packages, findings };
}

async function checkFolder(path: string, options: CheckOptions): Promise<(CheckedPackage | Finding)[]> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return [finding("UNREADABLE", path)];
  if (names.some((name) => sealOfLabelName(name) !== undefined)) return [await checkPackage(path, options)];
  const outcomes: (CheckedPackage | Finding)[] = [];
  for (const name of names.sort()) outcomes.push(await checkEntry(join(path, name), name, options));
  return outcomes;
}

/** An entry of a tray of packages: a package folder, named by its seal number, or a finding. */
async function checkEntry(path: string, name: string, options: CheckOptions): Promise<CheckedPackage | Finding> {
  throwIfInterrupted(options.watch);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return finding("UNREADABLE", path);
  if (found.isSymbolicLink()) return finding("LINK", path);
  if (found.isFile()) return finding("CLEAR_FILE", path);
  if (!found.isDirectory()) return finding("SPECIAL_FILE", path);
  const leftover = leftoverOf(name);
  if (leftover !== undefined) return finding(leftover.kind === "clear" ? "LEFTOVER_CLEAR" : "LEFTOVER", path);
  const outcome = await checkPackage(path, options);
  return "seal" in outcome && outcome.seal !== name ? finding("FOLDER_NAME", path) : outcome;
}

const words = {
  NOTHING_SEALED: ["there is no sealed package here", "name the folder that holds the packages"],
  UNREADABLE: ["not a file or folder that can be read here", "check that it is there and that you may read it"],
  LINK: ["a link, which a disc would follow or lose", "take it out"],
  CLEAR_FILE: ["a file that belongs to no sealed package", "take it out, or pack it"],
  SPECIAL_FILE: ["a device, a pipe or a socket", "take it out"],
  LEFTOVER: ["what an interrupted run has left of a package", "remove it with evseal clean"],
  LEFTOVER_CLEAR: ["what an interrupted run has left of opened evidence, in the clear", "remove it with evseal clean"],
  FOLDER_NAME: [
    "a package in a folder that is not named by its seal number",
    "give the folder its seal number for a name",
  ],
} as const;

function finding(code: keyof typeof words, path: string): Finding {
  const [detail, hint] = words[code];
  return { code, path, detail, hint };
}

async function checkPackage(path: string, { trusted, watch }: CheckOptions): Promise<CheckedPackage | Finding> {
  try {
    const { seal, sender, recipients } = await verifyPackage(path, { trusted, watch });
    await requireShippedText(path);
    return { seal, path, sender: { unit: sender.unit, fingerprint: sender.fingerprint }, recipients };
  } catch (cause) {
    if (!(cause instanceof EvsealError) || cause.code === "INTERRUPTED" || cause.code === "INTERNAL") throw cause;
    return { code: cause.code, path, detail: cause.message, hint: cause.hint };
  }
}

/** The one text in a package that no closed schema binds must be one that evseal has shipped. */
async function requireShippedText(path: string): Promise<void> {
  const foreign = (): EvsealError =>
    new EvsealError("CLEAR_FOUND", `${howToName} holds another text than evseal writes`, {
      hint: "make the package again",
    });
  const files = await PackageFiles.at(path);
  const text = Buffer.from(await files.read(howToName, limits.howToBytes, foreign)).toString();
  if (!shippedHowTos.includes(text)) throw foreign();
}
