import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const rooms = ["age", "keys", "minisign", "package", "opening", "checking", "sealing", "output"];

/** The tests that need no built program and no other people's programs, for `npm run test:mutation`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: rooms.map((room) => `test/${room}/**/*.test.ts`),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
