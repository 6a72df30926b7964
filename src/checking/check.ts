import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { EvsealError } from "../errors.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import { PackageFiles } from "../opening/package-files.js";
import { verifyPackage } from "../opening/package-verify.js";
import { shippedHowTos } from "../package/how-to-open.js";
import type { Party } from "../package/label.js";
import { howToName, sealOfLabelName } from "../package/layout.js";
import { limits } from "../package/limits.js";
import { throwIfInterrupted, type Watch } from "../watch.js";

/** One reason to say no. `code` is stable; `detail` is a clause for a person; `path` is shown on a terminal and in JSON. */
export interface Finding {
  readonly code: string;
  readonly path: string;
  readonly detail: string;
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
  if (packages.length === 0 && findings.length === 0) {
    findings.push({ code: "NOTHING_SEALED", path, detail: "there is no sealed package here" });
  }
  return { ok: findings.length === 0, packages, findings };
}

async function checkFolder(path: string, options: CheckOptions): Promise<(CheckedPackage | Finding)[]> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return [{ code: "UNREADABLE", path, detail: "not a folder that can be read" }];
  if (names.some((name) => sealOfLabelName(name) !== undefined)) return [await checkPackage(path, options)];
  const outcomes: (CheckedPackage | Finding)[] = [];
  for (const name of names.sort()) outcomes.push(await checkEntry(join(path, name), name, options));
  return outcomes;
}

/** An entry of a tray of packages: a package folder, named by its seal number, or a finding. */
async function checkEntry(path: string, name: string, options: CheckOptions): Promise<CheckedPackage | Finding> {
  throwIfInterrupted(options.watch);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return { code: "UNREADABLE", path, detail: "cannot be read" };
  if (found.isSymbolicLink()) return { code: "LINK", path, detail: "a link, which a disc would follow or lose" };
  if (found.isFile()) return { code: "CLEAR_FILE", path, detail: "a file that belongs to no sealed package" };
  if (!found.isDirectory()) return { code: "SPECIAL_FILE", path, detail: "a device, a pipe or a socket" };
  const outcome = await checkPackage(path, options);
  if ("seal" in outcome && outcome.seal !== name) {
    return { code: "FOLDER_NAME", path, detail: "a package in a folder that is not named by its seal number" };
  }
  return outcome;
}

async function checkPackage(path: string, { trusted, watch }: CheckOptions): Promise<CheckedPackage | Finding> {
  try {
    const { seal, sender, recipients } = await verifyPackage(path, { trusted, watch });
    await requireShippedText(path);
    return { seal, path, sender: { unit: sender.unit, fingerprint: sender.fingerprint }, recipients };
  } catch (cause) {
    if (!(cause instanceof EvsealError) || cause.code === "INTERRUPTED" || cause.code === "INTERNAL") throw cause;
    return { code: cause.code, path, detail: cause.message };
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
