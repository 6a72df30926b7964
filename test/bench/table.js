/** The report as text: a table for each job of each case, who is missing, and what was demanded. */
export function asText({ machine, cases, rows, missing, acceptance }) {
  const lines = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  for (const { name, title } of [...cases, { name: "start", title: "start-up" }]) {
    for (const job of ["pack", "open", "start"]) {
      const of = rows.filter((row) => row.case === name && row.job === job);
      if (of.length === 0) continue;
      const base = of[0].seconds.median; // evseal stands first
      lines.push("", `${title}, ${job} (${of[0].rounds} rounds)`);
      lines.push(...aligned([head, ...of.map((row) => cells(row, base))]));
    }
  }
  if (missing.length > 0) lines.push("", "missing");
  lines.push(...missing.map((each) => `  ${each.case}, ${each.job}: ${each.name} (${each.why})`));
  lines.push("", "what is demanded");
  const demands = acceptance.map(({ what, measured, limit, verdict }) => [
    what,
    figure(measured),
    `≤ ${limit}`,
    verdict,
  ]);
  return [...lines, ...aligned([["", "measured", "limit", ""], ...demands]), ""].join("\n");
}

const head = ["", "median s", "min", "max", "CPU s", "peak MB", "evseal / this"];

function cells({ name, seconds, cpuSeconds, peakBytes }, base) {
  const times = [seconds.median, seconds.min, seconds.max, cpuSeconds.median];
  return [name, ...times.map(figure), (peakBytes.max / 1e6).toFixed(0), figure(base / seconds.median)];
}

const figure = (value) => (value === undefined ? "–" : value.toFixed(value < 0.1 ? 3 : 2));

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
  );
}
