import type { Phase } from "../watch.js";
import { formatBytes, formatSeconds } from "./amounts.js";
import type { Ui } from "./ui.js";

const rewriteEveryMs = 100;
const plainLineEveryMs = 10_000;

/** Turns a watch's reports into a line rewritten on a terminal, or a plain line every ten seconds in a log. */
export class Progress {
  readonly #ui: Ui;
  readonly #nowMs: () => number;
  #phase: Phase | undefined;
  #startedMs = 0;
  #shownMs: number;

  constructor(ui: Ui, nowMs: () => number) {
    this.#ui = ui;
    this.#nowMs = nowMs;
    this.#shownMs = nowMs();
  }

  report(phase: Phase, doneBytes: number, totalBytes: number): void {
    const nowMs = this.#nowMs();
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#startedMs = nowMs;
    }
    if (nowMs - this.#shownMs < (this.#ui.onTerminal ? rewriteEveryMs : plainLineEveryMs)) return;
    this.#shownMs = nowMs;
    const line = progressLine(phase, doneBytes, totalBytes, (nowMs - this.#startedMs) / 1000);
    if (this.#ui.onTerminal) this.#ui.progress(line);
    else this.#ui.note(line);
  }
}

/** `sealing  42 %  118.0 MB/s  0:31 left`; what is not known yet is left out. */
export function progressLine(phase: Phase, doneBytes: number, totalBytes: number, seconds: number): string {
  const parts: string[] = [phase];
  if (totalBytes > 0) parts.push(`${Math.floor((100 * doneBytes) / totalBytes)} %`);
  if (seconds > 0 && doneBytes > 0) {
    const bytesPerSecond = doneBytes / seconds;
    parts.push(`${formatBytes(Math.round(bytesPerSecond))}/s`);
    if (totalBytes > 0) parts.push(`${formatSeconds((totalBytes - doneBytes) / bytesPerSecond)} left`);
  }
  return parts.join("  ");
}
