import { screenLines } from "./screen-text.js";

export interface Shown {
  /** What was typed. */
  readonly command: string;
  /** What the terminal was sent. */
  readonly output: string;
}

const columns = 88;
const [columnWidth, lineHeight, margin, bar] = [8.43, 19, 18, 34];
/** Of the eight colours of a terminal, those that evseal uses, as they look on a dark ground. */
const shades: Readonly<Record<number, string>> = { 1: "#ff7b72", 2: "#7ee787", 3: "#e3b341" };

/** A terminal in which these commands were typed, as SVG. */
export async function pictureOf(shown: readonly Shown[]): Promise<string> {
  const rows: string[] = [];
  for (const { command, output } of shown) {
    if (rows.length > 0) rows.push("");
    rows.push(`<tspan fill="#7ee787">$</tspan> <tspan font-weight="bold">${escape(command)}</tspan>`);
    for (const line of await screenLines(output, columns)) rows.push(spansOf(line));
  }
  const [width, height] = [Math.ceil(columns * columnWidth + 2 * margin), bar + rows.length * lineHeight + margin];
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, at) => `<circle cx="${20 + at * 20}" cy="17" r="6" fill="${fill}"/>`,
  );
  const texts = rows.flatMap((row, at) =>
    row === "" ? [] : `<text x="${margin}" y="${bar + (at + 1) * lineHeight - 5}" xml:space="preserve">${row}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    "<title>A session of evseal in a terminal</title>",
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...dots,
    `<g fill="#e6edf3" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...texts,
    "</g>",
    "</svg>\n",
  ].join("\n");
}

type Line = Awaited<ReturnType<typeof screenLines>>[number];

/** One element for each run of cells that look the same. */
function spansOf(line: Line): string {
  const runs: { text: string; look: string }[] = [];
  const length = line.translateToString(true).length;
  for (let at = 0; at < length; at++) {
    const cell = line.getCell(at);
    if (cell === undefined) break;
    const shade = cell.isFgPalette() ? shades[cell.getFgColor()] : undefined;
    const look = `${shade ? ` fill="${shade}"` : ""}${cell.isBold() ? ' font-weight="bold"' : ""}`;
    const text = cell.getChars() || " ";
    const last = runs.at(-1);
    if (last?.look === look) last.text += text;
    else runs.push({ text, look });
  }
  return runs.map(({ text, look }) => (look === "" ? escape(text) : `<tspan${look}>${escape(text)}</tspan>`)).join("");
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
