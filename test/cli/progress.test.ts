import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { Progress } from "../../src/cli/progress.js";
import { progressEvent } from "../../src/cli/progress-event.js";
import { advanceOf, progressBar, progressLine } from "../../src/cli/progress-line.js";
import { Ui, type Manner } from "../../src/cli/ui.js";
import type { Phase } from "../../src/watch.js";

/** What a run of reports makes of a log or of a terminal: one a second unless said otherwise. */
function shown(
  stream: { isTTY: boolean; columns?: number; TERM?: string },
  manner: Manner,
  seconds: number,
  everySeconds = 1,
): string {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((pipe) => {
    // The members of a terminal's stream that Ui looks at.
    return Object.assign(pipe, { isTTY: stream.isTTY, columns: stream.columns }) as unknown as NodeJS.WriteStream;
  }) as [NodeJS.WriteStream, NodeJS.WriteStream];
  let nowMs = 0;
  const ui = new Ui(stdout, stderr, stream.TERM === undefined ? {} : { TERM: stream.TERM }, () => manner);
  const progress = new Progress(ui, () => nowMs);
  for (let step = 0; step * everySeconds <= seconds; step += 1) {
    nowMs = step * everySeconds * 1000;
    progress.report("sealing", Math.min(step * everySeconds * 100_000_000, 5_000_000_000), 5_000_000_000);
  }
  expect((stdout as unknown as PassThrough).read()).toBeNull();
  return String((stderr as unknown as PassThrough).read() ?? "");
}

const line = (phase: Phase, done: number, total: number, seconds: number): string =>
  progressLine(advanceOf(phase, done, total, seconds));

describe("progress", () => {
  const inTenSeconds =
    "evseal: sealing  20 %  100.0 MB/s  0:40 left\n" +
    "evseal: sealing  40 %  100.0 MB/s  0:30 left\n" +
    "evseal: sealing  60 %  100.0 MB/s  0:20 left\n";

  test("is a plain line every ten seconds in a log", () => {
    expect(shown({ isTTY: false }, {}, 30)).toBe(inTenSeconds);
  });

  test("is the same on a terminal that cannot rewrite a line", () => {
    expect(shown({ isTTY: true, columns: 80, TERM: "dumb" }, {}, 30)).toBe(inTenSeconds);
  });

  test("is one line on a terminal, rewritten, with a bar", () => {
    expect(shown({ isTTY: true, columns: 60 }, {}, 3)).toBe(
      "\rsealing  [--------------------]  2 %  100.0 MB/s  0:49 left\u001b[K" +
        "\rsealing  [--------------------]  4 %  100.0 MB/s  0:48 left\u001b[K" +
        "\rsealing  [#-------------------]  6 %  100.0 MB/s  0:47 left\u001b[K",
    );
  });

  test("is not shown on a terminal before a phase has lasted half a second", () => {
    expect(shown({ isTTY: true, columns: 60 }, {}, 0.49, 0.01)).toBe("");
    expect(shown({ isTTY: true, columns: 60 }, {}, 0.51, 0.01)).not.toBe("");
  });

  test("is nothing for who wants it quiet or none, and nothing for short work", () => {
    for (const manner of [{ quiet: true }, { progress: "none" }] as const) {
      expect(shown({ isTTY: true, columns: 60 }, manner, 30)).toBe("");
      expect(shown({ isTTY: false }, manner, 30)).toBe("");
    }
    expect(shown({ isTTY: false }, {}, 9)).toBe("");
  });

  test("leaves out what is not known yet", () => {
    expect(line("verifying", 0, 0, 0)).toBe("verifying");
    expect(line("verifying", 0, 10, 0)).toBe("verifying  0 %");
    expect(line("listing", 5_000, 0, 2)).toBe("listing  5.0 kB");
    expect(line("opening", 36_000_000, 7_236_000_000, 36)).toBe("opening  0 %  1.0 MB/s  2:00:00 left");
  });

  test("fits every width from 20 columns on, and there still says which phase and how far", () => {
    const advance = advanceOf("reading back", 99_000_000_000, 100_000_000_000, 9_000);
    expect(progressBar(advance, 20)).toBe("reading back  99 %");
    expect(progressBar(advance, 40)).toBe("reading back  99 %  11.0 MB/s  1:31 left".slice(0, 29));
    expect(progressBar(advance, 80)).toBe("reading back  [###########################-]  99 %  11.0 MB/s  1:31 left");
    for (let columns = 20; columns <= 250; columns += 1) {
      expect(progressBar(advance, columns).length).toBeLessThan(columns);
      expect(progressBar(advance, columns)).toContain("reading back  ");
      expect(progressBar(advance, columns)).toContain("99 %");
    }
  });
});

describe("--progress json", () => {
  const eventsOf = (text: string): unknown[] =>
    text
      .trimEnd()
      .split("\n")
      .map((event) => JSON.parse(event) as unknown);

  test("is an event at the beginning, every second and at the end, whether or not it is a terminal or quiet", () => {
    for (const stream of [{ isTTY: false }, { isTTY: true, columns: 40 }]) {
      const events = eventsOf(shown(stream, { progress: "json", quiet: true }, 50, 0.1));
      expect(events).toHaveLength(51);
      expect(events[0]).toEqual({
        progress: { phase: "sealing", doneBytes: 0, totalBytes: 5e9, bytesPerSecond: null, secondsLeft: null },
      });
      expect(events[10]).toEqual({
        progress: { phase: "sealing", doneBytes: 1e9, totalBytes: 5e9, bytesPerSecond: 1e8, secondsLeft: 40 },
      });
      expect(events.at(-1)).toMatchObject({ progress: { doneBytes: 5e9, secondsLeft: 0 } });
      for (const event of events) expect(progressEvent.safeParse(event).error).toBeUndefined();
    }
  });

  test("tells at once that all is done, and goes on every second while a disk is behind", () => {
    const events = eventsOf(shown({ isTTY: false }, { progress: "json" }, 52, 0.75));
    const atTotal = events.filter((event) => progressEvent.parse(event).progress.doneBytes === 5e9);
    expect([events.length, atTotal.length]).toEqual([36, 2]);
  });
});
