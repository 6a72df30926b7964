/** Of the costs of every round: median, minimum and maximum of each. */
export function summarised({ costs, ...row }) {
  const of = (member) => spread(costs.map((cost) => cost[member]));
  return {
    ...row,
    rounds: costs.length,
    seconds: of("seconds"),
    cpuSeconds: of("cpuSeconds"),
    peakBytes: of("peakBytes"),
  };
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}
