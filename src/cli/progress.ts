import type { Phase } from "../watch.js";
import type { ProgressEvent } from "./progress-event.js";
import { advanceOf, progressBar, progressLine, type Advance } from "./progress-line.js";
import type { Ui } from "./ui.js";

/** A phase that is over sooner is not worth a line. */
const shownAfterMs = 500;
const rewriteEveryMs = 100;
const plainLineEveryMs = 10_000;
const eventEveryMs = 1000;

/**
 * Turns a watch's reports into a line rewritten on a terminal, a plain line every ten seconds in a log, or with
 * `--progress json` an event every second, when a phase begins, and as soon as all of it is done.
 */
export class Progress {
  readonly #ui: Ui;
  readonly #nowMs: () => number;
  #phase: Phase | undefined;
  #doneBytes = 0;
  #startedMs = 0;
  #shownMs: number;

  constructor(ui: Ui, nowMs: () => number) {
    this.#ui = ui;
    this.#nowMs = nowMs;
    this.#shownMs = nowMs();
  }

  report(phase: Phase, doneBytes: number, totalBytes: number): void {
    const nowMs = this.#nowMs();
    // A phase that is at its beginning again is another one: of the next package.
    const begins = phase !== this.#phase || doneBytes < this.#doneBytes;
    const isAllDone = doneBytes === totalBytes && doneBytes > this.#doneBytes; // at once, once: a disk may take it yet
    this.#phase = phase;
    this.#doneBytes = doneBytes;
    if (begins) this.#startedMs = nowMs;
    const advance = advanceOf(phase, doneBytes, totalBytes, (nowMs - this.#startedMs) / 1000);
    switch (this.#ui.progressManner) {
      case "none":
        return;
      case "json":
        if (!begins && !isAllDone && nowMs - this.#shownMs < eventEveryMs) return;
        this.#ui.event(eventOf(advance));
        break;
      case "rewritten":
        if (nowMs - this.#startedMs < shownAfterMs || nowMs - this.#shownMs < rewriteEveryMs) return;
        this.#ui.progress((columns) => progressBar(advance, columns));
        break;
      case "plain":
        if (nowMs - this.#shownMs < plainLineEveryMs) return;
        this.#ui.note(progressLine(advance));
    }
    this.#shownMs = nowMs;
  }
}

function eventOf({ phase, doneBytes, totalBytes, bytesPerSecond, secondsLeft }: Advance): ProgressEvent {
  const whole = (amount: number | undefined): number | null => (amount === undefined ? null : Math.round(amount));
  return {
    progress: {
      phase,
      doneBytes,
      totalBytes,
      bytesPerSecond: whole(bytesPerSecond),
      secondsLeft: whole(secondsLeft),
    },
  };
}
