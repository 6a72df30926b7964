/**
 * Characters that could steer a terminal, turn the reading direction, or hide: control (C0, C1, DEL), format,
 * direction-changing, invisible and line-breaking characters, and surrogates without their partner.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;

/** The text as it may be shown on one line of a screen or a log: each unsafe character spelled `\u{202e}`. */
export function escape(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * One line of JSON with the same value as `value`, and as safe to show: JSON.stringify leaves C1, DEL, bidirectional
 * and invisible characters as they are, so they are spelled `\u202e` here (as two halves beyond U+FFFF).
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, (character) =>
    character
      .split("")
      .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
