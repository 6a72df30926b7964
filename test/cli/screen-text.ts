import { Terminal, type IBufferLine } from "@xterm/headless";

/** What stands on a terminal of so many columns when all of `output` has been shown, line by line, from its first line. */
export async function screenLines(output: string, columns: number): Promise<readonly IBufferLine[]> {
  const terminal = new Terminal({ cols: columns, rows: 500, scrollback: 0, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const lines = Array.from({ length: terminal.rows }, (_, y) => terminal.buffer.active.getLine(y)).filter(
    (line) => line !== undefined,
  );
  while (lines.at(-1)?.translateToString(true) === "") lines.pop();
  return lines;
}

/** The same as plain text; what the terminal itself has broken at its edge is one line, as it is to whoever copies it. */
export async function screenText(output: string, columns: number): Promise<string> {
  const lines = await screenLines(output, columns);
  return (
    lines
      .map((line) => (line.isWrapped ? "" : "\n") + line.translateToString(true))
      .join("")
      .slice(1) + "\n"
  );
}
