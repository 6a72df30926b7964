import { discWords, type DiscCode, type DiscFinding } from "../discs/disc-finding.js";
import type { ErrorCode } from "../errors.js";
import type { PrivateKeyKind } from "../package/private-key.js";
import { UnsafeName } from "../unsafe-name.js";

/** Stable, like the codes of errors, by which a package that is not valid is reported. */
export type FindingCode = ErrorCode | DiscCode | keyof typeof words;

/** One reason to say no; `detail` and `hint` are clauses for a person, `path` is for a terminal and for JSON only. */
export interface Finding {
  readonly code: FindingCode;
  readonly path: UnsafeName;
  readonly detail: string;
  readonly hint: string;
}

const takeOut = "take it out";
const packAgain = "do not burn it: pack it again, and take this one out";

/** What is wrong with a tree. What a file is comes from its content, so CLEAR_FILE has no words of its own. */
const words = {
  NOTHING_SEALED: ["there is no sealed package here", "name the folder that holds the packages"],
  UNREADABLE: ["something that cannot be read", "see that you may read it, or take it out"],
  LINK: ["a link, which a disc would follow or lose", takeOut],
  CLEAR_FILE: ["a file", "take it out, or pack it"],
  CLEAR_FOLDER: ["a folder that is no package", "take it out, or pack what is in it"],
  PACKAGE_NOT_ON_TOP: [
    "a folder with a package in it: whoever receives it looks for the package on top",
    "burn what is in this folder, not the folder itself, and check the same",
  ],
  EMPTY_FOLDER: ["an empty folder", takeOut],
  PRIVATE_KEY: ["a private key", "take it out at once: whoever has it opens or signs in your unit's name"],
  SPECIAL_FILE: ["a device, a pipe or a socket", takeOut],
  LEFTOVER: ["what an interrupted run of evseal left", "evseal clean removes it, unless an evseal is at work here"],
  FOLDER_NAME: ["a package in a folder that is not named by its seal number", "name the folder by its seal number"],
  DISC_ALONE: [
    "the folder of a disc, outside of the folder of its package",
    "put it back into the folder that is named by the seal number, with the other discs, or check it by itself",
  ],
  DISC_MISPLACED: ["the folder of a disc with something else in it than belongs on that disc", packAgain],
  FOLDER_LOOP: ["a folder that is mounted below itself", "unmount it"],
  TOO_DEEP: ["folders inside each other, deeper than is looked at", takeOut],
  TOO_MUCH: ["more files and folders than are looked at", "name a folder that holds nothing but packages"],
  CHANGED: ["something that changed while it was checked", "wait until nothing writes here, then check again"],
  RECIPIENT_UNKNOWN: ["a package for a unit that is not among your contacts", packAgain],
  WRONG_ADDRESSEE: ["a package that is not addressed to exactly the units you expect", packAgain],
} as const;

/** What is wrong with a package, said to whoever is about to send it; the other words are for who has received it. */
const packageWords: Partial<Record<ErrorCode, readonly [detail: string, hint: string]>> = {
  PACKAGE_NOT_FOUND: ["a package that is gone or cannot be read", "check again"],
  PACKAGE_INCOMPLETE: ["a package with a part that is missing or cannot be read", packAgain],
  PACKAGE_FOREIGN_FILE: ["a package with something in its folder that is not part of it", "take that out"],
  CUT_SHORT: ["a package with a part that is cut short", packAgain],
  TRAILING_DATA: ["a package with a part that something was added to", packAgain],
  ALTERED: ["a package that was altered after it was sealed", packAgain],
  LABEL_MALFORMED: ["a package with a label that evseal did not write", packAgain],
  SIGNATURE_MISSING: ["a package with a missing part: its label is not signed", packAgain],
  SIGNATURE_MALFORMED: ["a package with a label's signature that evseal did not write", packAgain],
  SIGNATURE_WRONG: ["a package with a label that was altered after it was signed", packAgain],
  SIGNER_UNKNOWN: ["a package signed by neither your unit nor a contact", "do not burn it: find out who made it"],
  SIGNER_EXPIRED: ["a package sealed after its sender's card had expired", "make a new card, and pack it again"],
  SIGNERS_DIFFER: ["a package whose label names another sender than signed it", packAgain],
  DISC_MISSING: ["a package with a missing part: a disc is not here", "put its folder back, or pack it again"],
  DISC_FOREIGN: ["a disc of another package than the ones beside it, or of another sealing", packAgain],
  NOT_SEALED: ["a package with a part that is signed but not sealed", "do not burn it: report who signed it"],
  CLEAR_FOUND: ["a package with a HOW-TO-OPEN.txt that evseal never wrote", packAgain],
  DIGEST_DIFFERS: ["not what was checked before: the digest is another", "check all of it again, then burn that"],
  NOTHING_THERE: ["there is nothing at this path", "see how it is spelled, and that the disc is mounted"],
};

/** `detail` in place of the usual words, where more is known. */
export function finding(code: keyof typeof words, path: string, detail: string = words[code][0]): Finding {
  return { code, path: UnsafeName.of(path), detail, hint: words[code][1] };
}

export function privateKey(path: string, kind: PrivateKeyKind): Finding {
  return finding("PRIVATE_KEY", path, kind);
}

/** Of the disc or image at `path` itself. */
export function discFinding({ code, place }: DiscFinding, path: string): Finding {
  const [detail, hint] = discWords[code];
  return { code, path: UnsafeName.of(`${path}: ${place}`), detail, hint };
}

/** Of a package that is refused with `code`; `detail` and `hint` serve where the refusal is one of the receiver's. */
export function packageFinding(code: ErrorCode, path: string, otherwise = "a package that is not valid"): Finding {
  const [detail, hint] = packageWords[code] ?? [otherwise, packAgain];
  return { code, path: UnsafeName.of(path), detail, hint };
}

/** Of a package of `discCount` discs without the folders of those with the numbers `missing`. */
export function missingDiscs(missing: readonly number[], discCount: number, path: string): Finding {
  const discs = `disc${missing.length === 1 ? "" : "s"} ${missing.join(", ")} of ${discCount}`;
  const detail = `a package with a missing part: ${discs} ${missing.length === 1 ? "is" : "are"} not here`;
  return { ...packageFinding("DISC_MISSING", path), detail };
}

const shownFindings = 100;

/** The first findings by name and the others by number, so that a hostile tree fills neither memory nor a screen. */
export class Findings {
  readonly #shown: Finding[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get shown(): readonly Finding[] {
    return this.#shown;
  }

  add(found: Finding): void {
    this.#count += 1;
    if (this.#shown.length < shownFindings) this.#shown.push(found);
  }

  /** For findings that take time to name: once there are enough, the others are only counted. */
  async name(describe: () => Promise<Finding>): Promise<void> {
    if (this.#shown.length < shownFindings) this.add(await describe());
    else this.#count += 1;
  }
}
