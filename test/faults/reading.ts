/** Commands that only read, on a package that cannot be read: the clean answer, or a refusal that says so. */
import path from "node:path";
import { rmSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { run, type RunResult } from "../cli/run.js";
import { campaignAtAll, slice, timeLimitMs } from "./campaign.js";
import { faultsAt } from "./errors.js";
import { readLog, shimEnvironment, type Call, type Fault, type Log } from "./shim.js";
import { newPlace } from "./trial.js";
import type { World } from "./world.js";

const commands = ["check", "verify", "list"] as const;

/** How a command says that it could not read; nothing that a package's maker could be blamed for. */
const refusals: Readonly<
  Record<(typeof commands)[number], { readonly code: number; readonly says: readonly string[] }>
> = {
  // CHANGED: at its second look check finds something that it could read before.
  check: { code: 3, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND", "UNREADABLE", "CHANGED"] },
  verify: { code: 6, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND"] },
  list: { code: 6, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND"] },
};

/** What is wrong with how a command has ended, beside what it said when nothing failed. */
function wrongIn(
  command: (typeof commands)[number],
  clean: RunResult,
  ran: RunResult & Pick<Log, "firedAt">,
  { action }: Fault,
): string[] {
  if (ran.code === 0) {
    if (ran.firedAt !== undefined && action === "corrupt") return ["passed with a wrong bit"];
    return ran.stdout === clean.stdout ? [] : ["another answer with exit code 0"];
  }
  const { code, says } = refusals[command];
  const said = /"code":"([A-Z_]+)"/.exec(ran.stdout)?.[1] ?? "";
  const mustPass = ran.firedAt === undefined || action === "short";
  // A bit can be wrong wherever there are bits, and so the refusal can be any that is the package's fault.
  const fits = action === "corrupt" ? [code, 4].includes(ran.code ?? 1) : ran.code === code && says.includes(said);
  return mustPass || !fits ? [`exit code ${ran.code ?? "SIGKILL"} (${said})`] : [];
}

/** Once all of a sealed file was hashed and found right, a second look at its header may not see what it has no use for. */
function wasReadWhole({ path }: Call, before: readonly Call[]): boolean {
  const sizesBytes = before.filter((read) => read.path === path).map(({ result }) => result);
  return sizesBytes.reduce((sum, each) => sum + each, 0) >= statSync(path).size;
}

/** Defines the tests of it, in the world that stands when they run. */
export function unreadablePackages(the: { readonly world: World }): void {
  async function tryOut(command: string, fault?: Fault): Promise<RunResult & Log> {
    const { world } = the;
    const place = newPlace(world);
    const tray = path.dirname(world.sealed);
    const log = path.join(place.folder, "calls");
    const ended = await run([command, command === "check" ? tray : world.sealed, "--json"], {
      home: world.homes.receiver,
      cwd: place.cwd,
      env: { ...shimEnvironment(world.shim, { package: tray }, log, fault), HOME: place.home, TMPDIR: place.tmp },
    });
    const logged = readLog(log);
    rmSync(place.folder, { recursive: true });
    return { ...ended, ...logged };
  }

  test.each(commands)(
    "are never passed by %s",
    async (command) => {
      const clean = await tryOut(command);
      expect(clean.code).toBe(0);
      const calls = clean.calls.filter(({ role }) => role === "package");
      expect(calls.length).toBeGreaterThan(5);

      const wrongBits = calls
        .filter(({ operation }) => operation === "read")
        .flatMap((read, index, reads): Fault[] =>
          read.result > 0 && !wasReadWhole(read, reads.slice(0, index))
            ? [{ role: "package", operation: "read", nth: index + 1, action: "corrupt" }]
            : [],
        );
      const faults = [...faultsAt(calls), ...wrongBits];
      await campaignAtAll(`unreadable package in ${command}`, calls, slice(faults, 8), async (fault) => {
        const ran = await tryOut(command, fault);
        const wrong = wrongIn(command, clean, ran, fault);
        return {
          violations: [...wrong, ...the.world.canaries.leaksIn(ran.stderr, "stderr")],
          reached: ran.firedAt !== undefined,
          hit: ran.hit,
        };
      });
    },
    timeLimitMs,
  );

  test.each(commands)("would show if %s ended in any other way", (command) => {
    const fault: Fault = { role: "package", operation: "read", nth: 1, action: "error", argument: "EIO" };
    const clean = { code: 0, stdout: "whole", stderr: "" };
    const { code, says } = refusals[command];
    const refused = { ...clean, code, stdout: `{"code":"${says[0] ?? ""}"}`, firedAt: 1 };
    const wrong = (ran: Partial<typeof refused>, action = "error"): string[] =>
      wrongIn(command, clean, { ...refused, ...ran }, { ...fault, action });

    expect(wrong({})).toEqual([]);
    expect(wrong({ code: 0, stdout: "whole" })).toEqual([]);
    expect(wrong({ code: 0, stdout: "half" })).toHaveLength(1);
    expect(wrong({ code: 0, stdout: "whole" }, "corrupt")).toHaveLength(1);
    expect(wrong({ code: 1 })).toHaveLength(1);
    expect(wrong({ stdout: '{"code":"ALTERED"}' })).toHaveLength(1);
    expect(wrong({ stdout: '{"code":"ALTERED"}' }, "corrupt")).toEqual([]);
    expect(wrong({}, "short")).toHaveLength(1);
  });
}
