import * as z from "zod";
import { isRealInstant } from "./text-field.js";

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{9}Z$/;

/** A file's time of change in UTC to the nanosecond, `2026-11-23T22:10:05.123456789Z`. */
export const modifiedTime = z.string().refine((text) => {
  const wholeSeconds = pattern.exec(text)?.[1];
  return wholeSeconds !== undefined && isRealInstant(`${wholeSeconds}Z`);
});

const nanosecondsPerSecond = 1_000_000_000n;

/** Undefined outside the years 0000 to 9999, which no calendar of a recorder shows. */
export function modifiedTimeOf(nanosecondsSince1970: bigint): string | undefined {
  const fraction = ((nanosecondsSince1970 % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
  const date = new Date(Number((nanosecondsSince1970 - fraction) / nanosecondsPerSecond) * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === 24 ? `${text.slice(0, 19)}.${String(fraction).padStart(9, "0")}Z` : undefined;
}
