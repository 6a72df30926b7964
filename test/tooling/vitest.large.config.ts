import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const anHour = 3_600_000;

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/large/**/*.large.ts"],
    testTimeout: anHour,
    hookTimeout: anHour,
  },
});
