import { inspect } from "node:util";

/**
 * Characters that could steer a terminal, turn the reading direction, or hide: control (C0, C1, DEL), format,
 * direction-changing, invisible and line-breaking characters, and surrogates without their partner.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;

let exactText: (name: UnsafeName) => string;

/**
 * A name or path that somebody else may have chosen: of a file on a disk or a disc, in a package, of a contact. It is
 * there to be shown and for nothing else: it is no string, so that nothing takes it for a path or for a text of ours, and
 * however it becomes one (`${name}`, JSON, an inspection) it is escaped. What may become a path is a PortablePath.
 */
export class UnsafeName {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static {
    exactText = (name) => name.#text;
  }

  static of(text: string | UnsafeName): UnsafeName {
    return typeof text === "string" ? new UnsafeName(text) : text;
  }

  toString(): string {
    return escape(this.#text);
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The text as it may be shown on one line of a screen or a log: each unsafe character spelled `\u{202e}`. */
export function escape(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * One line of JSON with the same value as `value`, names as they are, and as safe to show: JSON.stringify leaves C1, DEL,
 * bidirectional and invisible characters alone, so they are spelled `\u202e` here (as two halves beyond U+FFFF).
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value, exactly).replace(unsafe, (character) =>
    character
      .split("")
      .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** For JSON.stringify, which has called toJSON already: a script gets the name that is on the disk. */
function exactly(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const held = this[key];
  return held instanceof UnsafeName ? exactText(held) : value;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
