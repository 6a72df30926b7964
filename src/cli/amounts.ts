const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** A size as discs are labelled, in powers of ten: `734 bytes`, `4.7 GB`. */
export function formatBytes(sizeBytes: number): string {
  let amount = sizeBytes;
  let unit = 0;
  while (amount >= 999.95 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return unit === 0 ? count(amount, "byte") : `${amount.toFixed(1)} ${units[unit] ?? ""}`;
}

/** Whole seconds as `0:07` or `1:02:40`. */
export function formatSeconds(seconds: number): string {
  const rounded = Math.round(seconds);
  const parts = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? part.toString() : part.toString().padStart(2, "0"))).join(":");
}

/** `1 file`, `12 files`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
