import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { utf8 } from "../bytes.js";
import { Sha256 } from "../crypto/digest.js";
import { Check, type Finding } from "./finding.js";

export interface ProgramDigest {
  readonly sha256: string;
  readonly files: number;
}

/** What evseal consists of, with its libraries, below the folder that it is installed in. */
const parts = ["bin", "program", "package.json"];

/** How anybody gets the same digest with other people's programs, in the folder that evseal is installed in. */
export const digestCommand = `find ${parts.join(" ")} -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`;

/**
 * One digest over evseal's files: the SHA-256 of what `sha256sum` prints for each of them, in the order of their
 * names. Undefined where they are not files of their own, as in an executable that holds them all.
 */
export async function digestOfProgram(root: string): Promise<ProgramDigest | undefined> {
  try {
    const names = (await Promise.all(parts.map((part) => filesAt(root, part)))).flat().sort();
    const digest = new Sha256();
    for (const name of names) digest.update(utf8(`${await digestOfFile(join(root, name))}  ${name}\n`));
    return { sha256: digest.hex(), files: names.length };
  } catch {
    return undefined;
  }
}

/** The SHA-256 of one file, in hex. Throws what node:fs throws. */
export async function digestOfFile(path: string): Promise<string> {
  const digest = new Sha256();
  for await (const piece of createReadStream(path)) digest.update(piece as Uint8Array);
  return digest.hex();
}

/** Names below `root`, with `/` between them; links are not followed, as by `find -type f`. */
async function filesAt(root: string, part: string): Promise<readonly string[]> {
  if (part.includes(".")) return [part];
  const entries = await readdir(join(root, part), { withFileTypes: true });
  const below = entries.map(async (entry): Promise<readonly string[]> => {
    const name = `${part}/${entry.name}`;
    if (entry.isDirectory()) return await filesAt(root, name);
    return entry.isFile() ? [name] : [];
  });
  return (await Promise.all(below)).flat();
}

const program = new Check("program", "evseal");

export function programFinding(digest: ProgramDigest | undefined): Finding {
  if (digest === undefined) return program.notExamined("compare the SHA-256 of the executable with the one published");
  return program.ok(`${digest.files} files, SHA-256 ${digest.sha256}`);
}
