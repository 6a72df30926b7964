import { readDisc } from "../discs/read-disc.js";
import type { TrustedSigners } from "../keys/trusted-signers.js";
import type { Watch } from "../watch.js";
import type { Addressees } from "./addressees.js";
import { checkPackage, type CheckedPackage } from "./check-package.js";
import { discEntry } from "./disc-entry.js";
import { DiscImage } from "./disc-image.js";
import { discFinding, finding, Findings, packageFinding, type Finding } from "./finding.js";
import { findStrays } from "./strays.js";
import { identities, readTree, type Entry } from "./tree.js";
import { treeDigest, type ListedFolder } from "./tree-digest.js";

/** What `check --json` prints. */
export interface CheckResult {
  readonly ok: boolean;
  /** Of the tree, 64 hex digits; only of one that passes. */
  readonly digest?: string;
  readonly packages: readonly CheckedPackage[];
  readonly findings: readonly Finding[];
  /** How many findings there are beyond those that are named. */
  readonly moreFindings: number;
}

export interface CheckOptions extends Addressees {
  readonly trusted: TrustedSigners;
  /** All or the beginning of the digest that the tree must have. */
  readonly expectedDigest: string | undefined;
  readonly watch: Watch;
}

/**
 * The gate before burning: whether all that is at `path` belongs to complete, valid packages of trusted senders to
 * known units, at least one. Decided by structure, signature and hash, never by a name's ending; what a file holds
 * only finds the words. Findings are results, not errors; throws INTERRUPTED only, and faults.
 */
export async function checkTree(path: string, options: CheckOptions): Promise<CheckResult> {
  const findings = new Findings();
  const packages: CheckedPackage[] = [];
  const listed: ListedFolder[] = [];
  const { root, isWhole } = await readTree(path, options.watch);
  const judge = async (tree: Entry): Promise<void> => {
    for (const found of await findStrays(tree, findings, options.watch)) {
      const judged = await checkPackage(found, options);
      for (const each of judged.findings) findings.add(each);
      if (judged.findings.length > 0) continue;
      packages.push(...judged.packages);
      listed.push(...judged.listed);
    }
  };
  if (root === undefined) findings.add(packageFinding("NOTHING_THERE", path));
  else {
    if (!isWhole) findings.add(finding("TOO_MUCH", path));
    if (!(await judgeImage(root, findings, options.watch, judge))) await judge(root);
    if (isWhole) await findChanges(root, findings, options.watch);
    if (packages.length === 0 && findings.count === 0) findings.add(finding("NOTHING_SEALED", path));
  }
  const digest = findings.count === 0 ? treeDigest(listed) : undefined;
  if (digest?.startsWith(options.expectedDigest ?? "") === false) findings.add(packageFinding("DIGEST_DIFFERS", path));
  const ok = findings.count === 0;
  const moreFindings = findings.count - findings.shown.length;
  return { ok, ...(ok && digest !== undefined && { digest }), packages, findings: findings.shown, moreFindings };
}

/** A disc's image, or a drive, is judged by all its bytes and by the folders on it; false for anything else. */
async function judgeImage(
  { path, kind, identity }: Entry,
  findings: Findings,
  watch: Watch,
  judge: (tree: Entry) => Promise<void>,
): Promise<boolean> {
  const image = kind === "file" || kind === "special" ? await DiscImage.open(path) : undefined;
  if (image === undefined) return false;
  try {
    if (image.state !== identity) findings.add(finding("CHANGED", path));
    const { root, findings: found } = await readDisc(image, watch);
    for (const each of found) findings.add(discFinding(each, path));
    if (root !== undefined) await judge(discEntry(root, path, image));
    return true;
  } finally {
    await image.close();
  }
}

/**
 * Looks at the tree once more: what was added, taken away, replaced or written to since it was first looked at was
 * perhaps not what was hashed. The time of the last change, which nobody can set, tells.
 */
async function findChanges(before: Entry, findings: Findings, watch: Watch): Promise<void> {
  const earlier = identities(before);
  const { root: after } = await readTree(before.path, watch);
  const now = after === undefined ? new Map<string, Entry>() : identities(after);
  for (const [location, entry] of earlier) {
    if (now.get(location)?.identity !== entry.identity) findings.add(finding("CHANGED", entry.path));
  }
  for (const [location, entry] of now) if (!earlier.has(location)) findings.add(finding("CHANGED", entry.path));
}
