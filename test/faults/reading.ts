/** Commands that only read, on a package that cannot be read: the clean answer, or a refusal that says so. */
import path from "node:path";
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { run, type RunResult } from "../cli/run.js";
import { campaign, slice, timeLimitMs, type Verdict } from "./campaign.js";
import { faultsAt } from "./errors.js";
import { describeFault, readLog, shimEnvironment, type Fault } from "./shim.js";
import { newPlace } from "./trial.js";
import type { World } from "./world.js";

const commands = ["check", "verify", "list"] as const;

/** How a command says that it could not read; nothing that a package's maker could be blamed for. */
const refusals: Readonly<
  Record<(typeof commands)[number], { readonly code: number; readonly says: readonly string[] }>
> = {
  check: { code: 3, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND", "UNREADABLE"] },
  verify: { code: 6, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND"] },
  list: { code: 6, says: ["PACKAGE_INCOMPLETE", "PACKAGE_NOT_FOUND"] },
};

/** Defines the tests of it, in the world that stands when they run. */
export function unreadablePackages(the: { readonly world: World }): void {
  async function tryOut(command: string, fault?: Fault): Promise<RunResult & ReturnType<typeof readLog>> {
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
      const { code, says } = refusals[command];

      await campaign(
        `unreadable package in ${command}`,
        slice(faultsAt(calls), 8),
        describeFault,
        async (fault): Promise<Verdict> => {
          const ran = await tryOut(command, fault);
          const reached = ran.firedAt !== undefined;
          const mustPass = !reached || fault.action === "short";
          if (ran.code === 0)
            return { violations: ran.stdout === clean.stdout ? [] : ["another answer with exit code 0"], reached };
          const [first = ""] = /"code":"[A-Z_]+"/.exec(ran.stdout) ?? [];
          const said = first.slice('"code":"'.length, -1);
          const violations =
            mustPass || ran.code !== code || !says.includes(said)
              ? [`exit code ${ran.code ?? "SIGKILL"} (${said})`]
              : [];
          return { violations: [...violations, ...the.world.canaries.leaksIn(ran.stderr, "stderr")], reached };
        },
      );
    },
    timeLimitMs,
  );
}
