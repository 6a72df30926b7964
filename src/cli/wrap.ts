import { stripVTControlCharacters } from "node:util";

/** Made only when something is measured: that takes longer than everything else in this file. */
let characters: Intl.Segmenter | undefined;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const narrowestWithIndent = 40;

/** How many columns a terminal gives to `text`: two to East Asian characters and emoji, none to our colours. */
export function columnsOf(text: string): number {
  characters ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  let columns = 0;
  for (const { segment } of characters.segment(stripVTControlCharacters(text))) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/**
 * Breaks a line at spaces so that it fits `columns`, with later lines under `indent` spaces (two where there is little
 * room). A word longer than a line stays whole: it may be a path that somebody copies.
 */
export function wrap(line: string, columns: number, indent: number): string {
  const margin = " ".repeat(columns < narrowestWithIndent ? Math.min(indent, 2) : indent);
  const lines: string[] = [];
  let current = "";
  for (const [index, word] of line.split(" ").entries()) {
    const longer = index === 0 ? word : `${current} ${word}`;
    // The last column stays free: some terminals begin a new line as soon as it is filled.
    if (columnsOf(longer) < columns || current.trim() === "") {
      current = longer;
      continue;
    }
    lines.push(current);
    current = margin + word;
  }
  return [...lines, current].join("\n");
}
