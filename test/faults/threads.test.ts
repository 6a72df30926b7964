/**
 * The same faults where threads share the work: a payload over 16 MiB. Whichever thread is hit, the others end with it,
 * the first cause is told, and nothing is left behind.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith } from "../interop/programs.js";
import { describeFault, type Fault } from "./shim.js";
import { cleanCalls, verdictIn, type Command, type Expectation } from "./trial.js";
import { makeWorld, type World } from "./world.js";

const timeLimitMs = 300_000;
const middleOf: Readonly<Record<string, number>> = { write: 10, read: 15 };

describeWith(["cc", "age", "minisign", "python3"], "threads under faults", () => {
  const the = {} as { world: World };
  beforeAll(async () => {
    the.world = await makeWorld([30_000_000, 0, 5_000_001]);
  }, timeLimitMs);
  afterAll(() => the.world.end());

  test.each<Command>(["pack", "open"])(
    "%s does what one thread does",
    async (command) => {
      const calls = await cleanCalls(the.world, command);
      expect(calls.filter(({ role, operation }) => role === "out" && operation === "write").length).toBeGreaterThan(20);
    },
    timeLimitMs,
  );

  const at = (role: Fault["role"], operation: string, rest: Omit<Fault, "role" | "operation" | "nth">): Fault => {
    return { role, operation, nth: middleOf[operation] ?? 1, ...rest };
  };
  test.each<{ command: Command; fault: Fault; expected: Expectation }>([
    {
      command: "pack",
      fault: at("out", "write", { action: "error", argument: "ENOSPC" }),
      expected: { codes: [8], says: "OUTPUT_NO_SPACE" },
    },
    { command: "pack", fault: at("out", "write", { action: "corrupt" }), expected: { codes: [8] } },
    { command: "pack", fault: at("out", "write", { action: "short", times: 0 }), expected: { codes: [0] } },
    { command: "pack", fault: at("out", "write", { action: "signal", argument: 2 }), expected: { codes: [130] } },
    { command: "pack", fault: at("out", "write", { action: "kill" }), expected: { codes: [null], remains: true } },
    { command: "pack", fault: at("source", "read", { action: "error", argument: "EIO" }), expected: { codes: [7] } },
    {
      command: "open",
      fault: at("out", "write", { action: "error", argument: "ENOSPC" }),
      expected: { codes: [8], says: "OUTPUT_NO_SPACE" },
    },
    { command: "open", fault: at("out", "write", { action: "short", times: 0 }), expected: { codes: [0] } },
    { command: "open", fault: at("out", "write", { action: "signal", argument: 2 }), expected: { codes: [130] } },
    { command: "open", fault: at("out", "write", { action: "kill" }), expected: { codes: [null], remains: true } },
    { command: "open", fault: at("package", "read", { action: "error", argument: "EIO" }), expected: { codes: [6] } },
  ])(
    "$command: $fault.action $fault.argument at $fault.role $fault.operation",
    async ({ command, fault, expected }) => {
      const { reached, violations } = await verdictIn(the.world, { command, fault }, expected);
      expect({ reached, violations }, describeFault(fault)).toEqual({ reached: true, violations: [] });
    },
    timeLimitMs,
  );
});
