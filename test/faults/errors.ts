/** Every error at every call: an exit code that says what failed, nothing left behind, and no result that is not whole. */
import { describe, expect, test } from "vitest";
import { campaign, campaignAtAll, slice, timeLimitMs } from "./campaign.js";
import { leavesHalf, leavesStaging } from "./plants.js";
import { describeFault, type Call, type Fault, type Role } from "./shim.js";
import { cleanCalls, verdictIn, type Command, type Expectation, type Ran } from "./trial.js";
import type { World } from "./world.js";

type ErrorName = Exclude<Fault["argument"], number | undefined>;

/**
 * What the calls that write, read and name fail with, each of them with all of it, whether or not a system is known to
 * say so. EINTR comes a few times and not for ever, for libuv asks again; a short transfer is no error at all.
 */
const everyError: readonly ErrorName[] = ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EINTR"];
const errorsOf: Readonly<Record<string, readonly ErrorName[]>> = {
  write: [...everyError, "EFBIG"],
  create: [...everyError, "EACCES"],
  mkdir: [...everyError, "EACCES"],
  rename: everyError,
  fsync: everyError,
  close: everyError,
  open: [...everyError, "ENFILE", "EACCES"],
  read: everyError,
  utimes: ["EIO", "EROFS", "EPERM"],
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

/** Whether nothing but a failure may follow. */
export function mustFailAt({ role, operation, action, argument }: Fault): boolean {
  const isVital = vital.includes(operation) && !(role === "source" && operation === "fsync"); // which only helps to see
  return action === "error" && role !== "package" && isVital && argument !== "EINTR";
}

/** Where the program has another way to the same end, or the loss is none, it may take it: the judge sees the result. */
function expectationOf(fault: Fault): Expectation {
  const { role, operation, action, argument, times } = fault;
  if (action === "short") return { codes: [0] };
  const mustFail = mustFailAt(fault);
  // A disk that will not say what is on it cannot be cleaned up.
  const remains = role === "out" && times === 0 && ["stat", "readdir"].includes(operation);
  const isFull = mustFail && (argument === "ENOSPC" || argument === "EDQUOT");
  return {
    codes: mustFail ? [codeFor[role]] : [0, codeFor[role]],
    ...(isFull && { says: "OUTPUT_NO_SPACE" }),
    remains,
  };
}

/** Looks into the container for its header alone, a piece or a page: the payload in them is not used, but read again. */
function isLook(reads: readonly Call[], index: number): boolean {
  const isOfContainer = ({ path }: Call): boolean => /-\w{4}\.evseal$/.test(path);
  const read = reads[index];
  return (
    read !== undefined && isOfContainer(read) && (index === reads.findIndex(isOfContainer) || read.result === 4096)
  );
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
        const calls = (await cleanCalls(the.world, command)).filter((call) => call.role === role);

        await campaignAtAll(`errors in ${command}, ${role}`, calls, slice(faultsAt(calls), 5), (fault) =>
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
        const fault: Fault = { role: "out", operation: "write", nth: 2, times: 0, action: "error", argument: "EIO" };
        const planted = { command, fault, plant: leavesHalf(command) };
        expect((await verdictIn(the.world, planted, goneAt)).violations).toContainEqual(
          expect.stringMatching(/^EV-0000/),
        );
      },
      timeLimitMs,
    );

    test("which would show if anything were left", async () => {
      const fault: Fault = { role: "out", operation: "write", nth: 2, action: "error", argument: "ENOSPC" };
      const { violations } = await verdictIn(
        the.world,
        { command, fault, plant: leavesStaging(command) },
        expectationOf(fault),
      );
      expect(violations).toEqual(["a staging folder is left (OUTPUT_NO_SPACE)"]);
    });
  });

  test.each<{ command: Command; role: Role; operation: "read" | "write"; codes: readonly number[] }>([
    { command: "pack", role: "out", operation: "write", codes: [8] },
    { command: "pack", role: "out", operation: "read", codes: [8] },
    { command: "open", role: "package", operation: "read", codes: [4, 6] },
  ])(
    "that does not say so: $command notices a wrong bit in any $operation of $role",
    async ({ command, role, operation, codes }) => {
      const calls = (await cleanCalls(the.world, command)).filter((call) => call.role === role);
      const faults = calls
        .filter((call) => call.operation === operation)
        .map((call, index): Fault | undefined =>
          call.result > 0 ? { role, operation, nth: index + 1, action: "corrupt" } : undefined,
        )
        .filter((fault) => fault !== undefined);
      expect(faults.length).toBeGreaterThan(2);

      const reads = calls.filter((call) => call.operation === "read");
      const mayPass = ({ nth }: Fault): boolean => operation === "read" && isLook(reads, nth - 1);
      await campaign(`wrong bit in a ${operation} of ${command}`, slice(faults, 4), describeFault, (fault) =>
        verdictIn(the.world, { command, fault }, { codes: mayPass(fault) ? [0, ...codes] : codes }),
      );
    },
    timeLimitMs,
  );

  test("which would show: open does not read back, and the judge finds the wrong bit in what it has made", async () => {
    const fault: Fault = { role: "out", operation: "write", nth: 1, action: "corrupt" };
    const { violations } = await verdictIn(the.world, { command: "open", fault }, { codes: [0] });
    expect(violations).toContainEqual(expect.stringMatching(/a file's content was never that of the source/));
  });
}
