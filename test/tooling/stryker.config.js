// `npm run test:mutation [-- --mutate FILE]`: changes the code in every small way and sees whether a test notices. Slow:
// hours for all of it; what was found before is kept and not asked again. Only the tests that stay in one process take
// part; those that start the built program would test what was built before.
import { fileURLToPath } from "node:url";

export default {
  plugins: [fileURLToPath(new URL("stryker-runner.js", import.meta.url))], // @stryker-mutator/vitest-runner, made strict
  testRunner: "vitest",
  vitest: { configFile: "test/tooling/vitest.unit.config.ts" },
  mutate: [
    ..."package minisign opening checking".split(" ").map((room) => `src/${room}/*.ts`),
    ..."header stanza bech32".split(" ").map((name) => `src/age/${name}.ts`),
    ..."out-folder storage-kind mount-table".split(" ").map((name) => `src/output/${name}.ts`),
    "src/sealing/recipients.ts",
    "src/keys/policy.ts",
  ],
  // A clause for people, a hint: other words are no fault, and each code has its test.
  mutator: { excludedMutations: ["StringLiteral"] },
  incremental: true,
  incrementalFile: ".stryker-tmp/found.json",
  concurrency: 1,
  reporters: ["clear-text", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: ".stryker-tmp",
};
