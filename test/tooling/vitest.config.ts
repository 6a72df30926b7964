import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./longest-first.js";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/**/*.test.ts"],
    maxWorkers: availableParallelism(), // most of the work is in the programs that tests start
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text", "json-summary"],
      thresholds: Object.fromEntries(
        ["age", "minisign", "package", "opening", "output"].map((room) => [
          `src/${room}/**`,
          { lines: 95, branches: 90 },
        ]),
      ),
    },
  },
});
