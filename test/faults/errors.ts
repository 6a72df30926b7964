/** Every error at every call: an exit code that says what failed, nothing left behind, and no result that is not whole. */
import { describe, test } from "vitest";
import { campaign, slice, timeLimitMs } from "./campaign.js";
import { describeFault, type Call, type Fault, type Role } from "./shim.js";
import { cleanCalls, verdictIn, type Command, type Expectation, type Ran } from "./trial.js";
import type { World } from "./world.js";

type ErrorName = Exclude<Fault["argument"], number | undefined>;

/** What each call can fail with. EINTR comes a few times and not for ever; a short transfer is no error at all. */
const errorsOf: Readonly<Record<string, readonly ErrorName[]>> = {
  write: ["ENOSPC", "EIO", "EDQUOT", "EFBIG", "EROFS", "EINTR"],
  create: ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EACCES", "EINTR"],
  mkdir: ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EACCES", "EINTR"],
  rename: ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EINTR"],
  fsync: ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EINTR"],
  utimes: ["EIO", "EROFS", "EPERM"],
  close: ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
  open: ["EIO", "EMFILE", "ENFILE", "EACCES", "EINTR"],
  read: ["EIO", "EMFILE", "EINTR"],
  readdir: ["EIO", "EMFILE", "EACCES"],
  realpath: ["EIO", "EACCES"],
  stat: ["EIO", "EACCES"],
};

/** What failed, as the exit code has it. */
const codeFor: Readonly<Record<Role, number>> = { out: 8, source: 7, package: 6, home: 5 };

/** What must not fail without being said: afterwards the output is not whole, not durable, or not in its place. */
const vital = ["write", "create", "mkdir", "rename", "fsync"];

/** Each call of a clean run, with how many of its kind went before it. */
export function faultsAt(calls: readonly Call[]): readonly Fault[] {
  const seen = new Map<string, number>();
  return calls.flatMap(({ role, operation }) => {
    const kind = `${role} ${operation}`;
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    const at = { role, operation, nth };
    const errors = (errorsOf[operation] ?? ["EIO"]).flatMap((argument): Fault[] => {
      const often = argument === "EINTR" ? 3 : 0;
      return [1, often].map((times) => ({ ...at, times, action: "error", argument }));
    });
    const short = ["read", "write"].includes(operation) ? [1, 0] : [];
    return [...errors, ...short.map((times) => ({ ...at, times, action: "short" }))];
  });
}

/** Where the program has another way to the same end, or the loss is none, it may take it: the judge sees the result. */
function expectationOf({ role, operation, action, argument, times }: Fault): Expectation {
  if (action === "short") return { codes: [0] };
  const mustFail = role === "out" && vital.includes(operation) && argument !== "EINTR";
  // A disk that will not say what is on it cannot be cleaned up.
  const remains = role === "out" && times === 0 && ["stat", "readdir"].includes(operation);
  const isFull = mustFail && (argument === "ENOSPC" || argument === "EDQUOT");
  return {
    codes: mustFail ? [codeFor[role]] : [0, codeFor[role]],
    ...(isFull && { says: "OUTPUT_NO_SPACE" }),
    remains,
  };
}

/** Defines the tests of it, in the world that stands when they run. */
export function failingCalls(the: { readonly world: World }): void {
  describe.each<{ command: Command; roles: readonly Role[] }>([
    { command: "pack", roles: ["out", "source", "home"] },
    { command: "open", roles: ["out", "package", "home"] },
  ])("in $command", ({ command, roles }) => {
    test.each(roles)(
      "on the side of %s",
      async (role) => {
        const calls = await cleanCalls(the.world, command);
        const faults = faultsAt(calls.filter((call) => call.role === role));

        await campaign(`errors in ${command}, ${role}`, slice(faults, 5), describeFault, (fault) =>
          verdictIn(the.world, { command, fault }, expectationOf(fault)),
        );
      },
      timeLimitMs,
    );

    test(
      "and all that follow it: the output's disk is gone",
      async () => {
        const calls = await cleanCalls(the.world, command);
        const out = calls.filter(({ role }) => role === "out");
        const faults = out.flatMap((_, index) =>
          (["EIO", "EROFS"] as const).map((argument): Fault => ({
            role: "out",
            operation: "any",
            nth: index + 1,
            times: 0,
            action: "error",
            argument,
          })),
        );

        // Once it has its name, a disk that takes nothing more cannot be made to give it up; and closing the folder, the
        // last call of all, says nothing about what is in it.
        const goneAt = ({ calls, firedAt = 0 }: Ran): Expectation => {
          const [before, after] = [calls.slice(0, firedAt), calls.slice(firedAt)].map((some) =>
            some.filter(({ role }) => role === "out"),
          );
          return {
            codes: after?.every(({ operation }) => operation === "close") === true ? [0, 8] : [8],
            remains: true,
            doneAllTheSame: before?.some(({ operation }) => operation === "rename") === true,
          };
        };
        await campaign(`disk gone in ${command}`, slice(faults, 4), describeFault, (fault) =>
          verdictIn(the.world, { command, fault }, goneAt),
        );
      },
      timeLimitMs,
    );
  });

  test(
    "that does not say so: pack reads back what a failing disk has made of it",
    async () => {
      const calls = await cleanCalls(the.world, "pack");
      const writes = calls.filter(({ role, operation }) => role === "out" && operation === "write");
      const faults = writes.map((_, index): Fault => {
        return { role: "out", operation: "write", nth: index + 1, action: "corrupt" };
      });

      await campaign("wrong bit written in pack", slice(faults, 4), describeFault, (fault) =>
        verdictIn(the.world, { command: "pack", fault }, { codes: [8] }),
      );
    },
    timeLimitMs,
  );
}
