import type { Colours } from "./colours.js";
import { escape, type UnsafeName } from "../unsafe-name.js";

/** A line of a result: plain text, a name, or a label of ours with a value from anywhere (lines of it, if long). */
export type Row = string | UnsafeName | readonly [label: string, value: string | readonly string[]];

export function formatRows(rows: readonly Row[], colours: Colours): string {
  const labelWidth = rows.reduce((width, row) => Math.max(width, isLabelled(row) ? row[0].length + 2 : 0), 0);
  const linesOf = (row: Row): string[] => {
    if (!isLabelled(row)) return [escape(row.toString())];
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

function isLabelled(row: Row): row is Exclude<Row, string | UnsafeName> {
  return Array.isArray(row);
}
