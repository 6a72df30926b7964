import type { Colours } from "./colours.js";
import { escape } from "./escape.js";

/** A line of a result: plain text, or a label of ours with a value from anywhere (lines of it, where it is long). */
export type Row = string | readonly [label: string, value: string | readonly string[]];

export function formatRows(rows: readonly Row[], colours: Colours): string {
  const labelWidth = rows.reduce((width, row) => Math.max(width, typeof row === "string" ? 0 : row[0].length + 2), 0);
  const linesOf = (row: Row): string[] => {
    if (typeof row === "string") return [escape(row)];
    const [label, value] = row;
    const lines = typeof value === "string" ? [value] : value;
    const margin = (text: string): string => colours.bold(text) + " ".repeat(labelWidth - text.length);
    return lines.map((line, index) => margin(index === 0 ? label : "") + escape(line));
  };
  return rows
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join("");
}
