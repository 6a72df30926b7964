import { defineConfig } from "vitest/config";

const anHour = 3_600_000;

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/large/**/*.large.ts"],
    testTimeout: anHour,
    hookTimeout: anHour,
  },
});
