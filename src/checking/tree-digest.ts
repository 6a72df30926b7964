import { utf8 } from "../bytes.js";
import { Sha256 } from "../crypto/digest.js";
import { EvsealError } from "../errors.js";
import type { FileHash } from "../opening/verify-package.js";

const shortSizeDigits = 32;

/** The files in one folder of a package; `folder` is its path below the tree, or undefined where it is the tree. */
export interface ListedFolder {
  readonly folder: string | undefined;
  readonly files: readonly FileHash[];
}

/**
 * FORMAT.md, "The digest of a tree": 64 hex digits over a line for each file and folder, as sha256sum and find print
 * them. Defined for what the gate lets pass only, where a name is never more than a seal number and a suffix.
 */
export function treeDigest(folders: readonly ListedFolder[]): string {
  const paths = new Set(folders.flatMap(({ folder }) => (folder === undefined ? [] : withThoseAbove(folder))));
  const files = folders.flatMap(({ folder, files }) =>
    files.map(({ name, sha256 }) => `${sha256}  ${folder === undefined ? "" : `${folder}/`}${name}\n`),
  );
  const lines = [...[...paths].map((path) => `d  ${path}\n`), ...files];
  return new Sha256().update(utf8(lines.sort().join(""))).hex();
}

function withThoseAbove(path: string): readonly string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** The first half, in groups, as it is shown and typed. */
export function shortDigest(digest: string): string {
  return digest.slice(0, shortSizeDigits).replace(/.{4}(?=.)/g, "$&-");
}

/** A digest that somebody typed or a script kept: the short one or all of it, in hex. Throws USAGE. */
export function parseDigest(typed: string): string {
  const digits = typed.toLowerCase().replace(/[\s:-]/g, "");
  if (/^[0-9a-f]*$/.test(digits) && [shortSizeDigits, 2 * shortSizeDigits].includes(digits.length)) return digits;
  throw new EvsealError("USAGE", "what follows --expect-digest is not a digest", {
    hint: "give what evseal check printed: 32 hex digits in groups, or the 64 of --json",
  });
}
