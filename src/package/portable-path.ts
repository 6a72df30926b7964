import { EvsealError } from "../errors.js";
import { foldCase } from "./fold-case.js";
import { limits } from "./limits.js";

/** Control, line-breaking, direction-changing and unpaired characters. Joiners and emoji selectors are letters to many. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/u;

/** Windows' device names, with any extension; the superscript digits count there too. */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/iu;

/**
 * A relative path that every system can hold and no system misreads. Names from outside become paths only through
 * `parse`, at packing and at opening alike: they are hostile even when validly signed.
 */
export class PortablePath {
  readonly #text: string; // a private name: nothing that only looks like one passes for it

  private constructor(text: string) {
    this.#text = text;
  }

  /** Components joined by `/`. */
  get text(): string {
    return this.#text;
  }

  /** The folders on the way, outermost first. */
  get folders(): readonly string[] {
    return this.text.split("/").slice(0, -1);
  }

  /** The folder that it is in, or nothing. */
  get parent(): string {
    return this.text.slice(0, Math.max(0, this.text.lastIndexOf("/")));
  }

  get name(): string {
    return this.text.slice(this.text.lastIndexOf("/") + 1);
  }

  /** The same path below one more folder. */
  within(folder: PortablePath): PortablePath {
    return new PortablePath(`${folder.text}/${this.text}`);
  }

  /** Throws NAME_UNSAFE, with the name as its subject. */
  static parse(text: string): PortablePath {
    const complaint = text.split("/").map(complaintAbout).find(Boolean) ?? complaintAboutLength(text);
    if (complaint === undefined) return new PortablePath(text);
    throw new EvsealError("NAME_UNSAFE", `a file or folder name ${complaint}`, {
      subject: text,
      hint: "rename a copy of it with plain letters and digits, and note the old name in your record",
    });
  }
}

function complaintAbout(component: string): string | undefined {
  if (component === "" || component === "." || component === "..") return "is empty, '.' or '..'";
  if (unprintable.test(component)) return "holds control or direction-changing characters";
  if (/[<>:"\\|?*]/.test(component)) return 'holds one of < > : " \\ | ? *, which Windows cannot store';
  if (/[. ]$/.test(component)) return "ends in a dot or a space, which Windows drops";
  if (reserved.test(component)) return "is reserved for a device on Windows";
  if (Buffer.byteLength(component) > limits.pathComponentBytes) {
    return `is longer than ${limits.pathComponentBytes} bytes`;
  }
  return undefined;
}

function complaintAboutLength(path: string): string | undefined {
  if (path.split("/").length > limits.pathComponents) return `lies in more than ${limits.pathComponents - 1} folders`;
  return Buffer.byteLength(path) > limits.pathBytes
    ? `with its folders is longer than ${limits.pathBytes} bytes`
    : undefined;
}

/**
 * Refuses paths of which two would meet on a system that ignores case or normalises Unicode, in any folder on the way
 * or as a file where another path needs a folder. Throws NAMES_COLLIDE.
 */
export function refuseCollisions(paths: readonly PortablePath[]): void {
  const spellings = new Map<string, string>();
  const files = new Set<string>();
  for (const { text } of paths) {
    const folded = fold(text);
    if (files.has(folded) && spellings.get(folded) === text) throw sameName(text);
    if (spellings.has(folded)) throw collision(text);
    for (let end = folded.indexOf("/"), at = text.indexOf("/"); end !== -1;) {
      claim(spellings, files, folded.slice(0, end), text.slice(0, at));
      end = folded.indexOf("/", end + 1);
      at = text.indexOf("/", at + 1);
    }
    spellings.set(folded, text);
    files.add(folded);
  }
}

function claim(spellings: Map<string, string>, files: Set<string>, folded: string, folder: string): void {
  if (files.has(folded) || (spellings.get(folded) ?? folder) !== folder) throw collision(folder);
  spellings.set(folded, folder);
}

function sameName(path: string): EvsealError {
  return new EvsealError("NAMES_COLLIDE", "two sources have the same name", {
    subject: path,
    hint: "name each file or folder once, or put both into one folder under different names",
  });
}

function collision(path: string): EvsealError {
  return new EvsealError(
    "NAMES_COLLIDE",
    "two names differ only in capital letters, in invisible characters, or in how a letter is stored",
    {
      subject: path,
      hint: "rename one of the two in a copy: on Windows and macOS one would overwrite the other",
    },
  );
}

/** What a system that ignores case, normal forms and invisible characters would take a path for. */
function fold(text: string): string {
  return foldCase(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ""));
}
