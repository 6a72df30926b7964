import type { Phase } from "../watch.js";
import { formatBytes, formatSeconds } from "./amounts.js";

/** How far a phase is. */
export interface Advance {
  readonly phase: Phase;
  readonly doneBytes: number;
  /** 0 while it is not known. */
  readonly totalBytes: number;
  /** On average since the phase began; undefined until something was done. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

export function advanceOf(phase: Phase, doneBytes: number, totalBytes: number, seconds: number): Advance {
  const bytesPerSecond = seconds > 0 && doneBytes > 0 ? doneBytes / seconds : undefined;
  const isKnown = bytesPerSecond !== undefined && totalBytes > 0;
  const secondsLeft = isKnown ? Math.max(0, totalBytes - doneBytes) / bytesPerSecond : undefined;
  return { phase, doneBytes, totalBytes, bytesPerSecond, secondsLeft };
}

/** `sealing  42 %  118.0 MB/s  0:31 left`; what is not known yet is left out. */
export function progressLine(advance: Advance): string {
  return partsOf(advance).join("  ");
}

const widestBar = 30;
const narrowestBar = 8;

/** The same with a bar, in less than `columns`: the bar goes first where there is little room, then the rest. */
export function progressBar(advance: Advance, columns: number): string {
  const parts = partsOf(advance);
  const room = columns - 1; // a terminal begins a new line when the last column is filled
  const barWidth = Math.min(widestBar, room - parts.join("  ").length - 2);
  if (advance.totalBytes > 0 && barWidth >= narrowestBar) {
    return [parts[0], bar(advance.doneBytes / advance.totalBytes, barWidth), ...parts.slice(1)].join("  ");
  }
  while (parts.length > 1 && parts.join("  ").length > room) parts.pop();
  return parts.join("  ").slice(0, room);
}

function partsOf({ phase, doneBytes, totalBytes, bytesPerSecond, secondsLeft }: Advance): string[] {
  return [
    phase,
    ...(totalBytes > 0 ? [`${Math.floor((100 * doneBytes) / totalBytes)} %`] : []),
    // Of what has no known end (the listing of sources) a speed would say nothing.
    ...(totalBytes === 0 && doneBytes > 0 ? [formatBytes(doneBytes)] : []),
    ...(totalBytes > 0 && bytesPerSecond !== undefined ? [`${formatBytes(Math.round(bytesPerSecond))}/s`] : []),
    ...(secondsLeft === undefined ? [] : [`${formatSeconds(secondsLeft)} left`]),
  ];
}

/** `[######----]`, in characters that every terminal has; `width` counts the brackets. */
function bar(part: number, width: number): string {
  const inside = width - 2;
  const filled = Math.floor(Math.min(1, part) * inside);
  return `[${"#".repeat(filled)}${"-".repeat(inside - filled)}]`;
}
