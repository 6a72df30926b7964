import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { Progress, progressLine } from "../../src/cli/progress.js";
import { Ui, type Manner } from "../../src/cli/ui.js";

/** What a run of reports, one a second, makes of a log or of a terminal 60 columns wide. */
function shown(isTTY: boolean, manner: Manner, seconds: number): string {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((stream) => {
    // The members of a terminal's stream that Ui looks at.
    return Object.assign(stream, { isTTY, columns: 60 }) as unknown as NodeJS.WriteStream;
  }) as [NodeJS.WriteStream, NodeJS.WriteStream];
  let nowMs = 0;
  const progress = new Progress(new Ui(stdout, stderr, {}, () => manner), () => nowMs);
  for (let second = 0; second <= seconds; second += 1) {
    nowMs = second * 1000;
    progress.report("sealing", second * 100_000_000, 5_000_000_000);
  }
  expect((stdout as unknown as PassThrough).read()).toBeNull();
  return String((stderr as unknown as PassThrough).read() ?? "");
}

describe("progress", () => {
  test("is a plain line every ten seconds in a log", () => {
    expect(shown(false, {}, 30)).toBe(
      "evseal: sealing  20 %  100.0 MB/s  0:40 left\n" +
        "evseal: sealing  40 %  100.0 MB/s  0:30 left\n" +
        "evseal: sealing  60 %  100.0 MB/s  0:20 left\n",
    );
  });

  test("is one line on a terminal, rewritten", () => {
    expect(shown(true, {}, 3)).toBe(
      [1, 2, 3].map((second) => `\rsealing  ${2 * second} %  100.0 MB/s  0:${50 - second} left\u001b[K`).join(""),
    );
  });

  test("is nothing for who wants it quiet, and nothing for short work", () => {
    expect(shown(true, { quiet: true }, 30)).toBe("");
    expect(shown(false, { quiet: true }, 30)).toBe("");
    expect(shown(false, {}, 9)).toBe("");
  });

  test("leaves out what is not known yet", () => {
    expect(progressLine("verifying", 0, 0, 0)).toBe("verifying");
    expect(progressLine("verifying", 0, 10, 0)).toBe("verifying  0 %");
    expect(progressLine("opening", 5_000, 0, 2)).toBe("opening  2.5 kB/s");
    expect(progressLine("opening", 36_000_000, 7_236_000_000, 36)).toBe("opening  0 %  1.0 MB/s  2:00:00 left");
  });
});
