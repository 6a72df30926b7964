import * as z from "zod";

/** Control, line-breaking, direction-changing and invisible characters: none may reach a screen or hide in a name. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** Whether text shows on a screen as it is: no control, bidirectional, invisible or unpaired characters. */
function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

function line(maxLength: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => isPrintable(text) && text === text.trim() && text === text.normalize("NFC"));
}

/** A unit's name: 1 to 64 UTF-16 units of printable, trimmed, NFC text that could also be a file's name. */
export const unitName = line(64).refine((text) => !/[<>:"/\\|?*]/.test(text));

/** One line of the record inside the encryption: 1 to 200 UTF-16 units of printable, trimmed, NFC text. */
export const recordLine = line(200);

/** 64 lower-case hex digits: a SHA-256, or a card's fingerprint. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A size in bytes that a JSON number holds exactly. */
export const sizeInBytes = z.int().min(0);

/** A UTC instant to the second, `2026-11-23T22:10:05Z`. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .refine((text) => isRealInstant(text));

/** Of text that is written like one: whether the calendar and the clock have it. */
export function isRealInstant(text: string): boolean {
  const milliseconds = Date.parse(text);
  return !Number.isNaN(milliseconds) && instantOf(new Date(milliseconds)) === text;
}

/** The instant of `date`, its fraction of a second dropped. */
export function instantOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
