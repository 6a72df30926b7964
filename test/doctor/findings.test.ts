/** What is said of machines that are not this one: recorded answers of /proc and /sys, other clocks, other versions. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clockFinding } from "../../src/doctor/clock-finding.js";
import { memoryFindings } from "../../src/doctor/memory-findings.js";
import { runtimeFinding } from "../../src/doctor/runtime-findings.js";
import type { Surroundings } from "../../src/doctor/surroundings.js";
import type { Card } from "../../src/keys/card.js";
import { madeOn } from "../../src/version.js";

const swapHead = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
const limitsOf = (core: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max core file size        ${core.padEnd(20)} unlimited            bytes     \n` +
  `Max processes             3924                 3924                 processes \n`;
const calm = { "/proc/swaps": swapHead, "/proc/self/limits": limitsOf("0"), "/proc/sys/kernel/core_pattern": "core\n" };

function machine(files: Readonly<Record<string, string | undefined>>, isLinux = true): Surroundings {
  const all: Readonly<Record<string, string | undefined>> = { ...calm, ...files };
  return {
    isLinux,
    read: (path) => Promise.resolve(all[path]),
    list: (path) => Promise.resolve(all[path]?.split(" ") ?? []),
  };
}

const states = async (on: Surroundings): Promise<string[]> => (await memoryFindings(on)).map(({ state }) => state);
const partition = (path: string): string =>
  `${swapHead}${path}                               partition\t2097148\t0\t-2\n`;

describe("swap", () => {
  test.each([
    ["off", {}, "ok"],
    ["on a plain partition", { "/proc/swaps": partition("/dev/sda2") }, "warning"],
    ["in a file", { "/proc/swaps": `${swapHead}/swap\\040file  file\t2097148\t0\t-2\n` }, "warning"],
    ["in memory, compressed", { "/proc/swaps": partition("/dev/zram0") }, "ok"],
    [
      "encrypted",
      { "/proc/swaps": partition("/dev/dm-1"), "/sys/class/block/dm-1/dm/uuid": "CRYPT-LUKS2-ab-swap\n" },
      "ok",
    ],
    [
      "on a logical volume on an encrypted disk",
      {
        "/proc/swaps": partition("/dev/dm-1"),
        "/sys/class/block/dm-1/dm/uuid": "LVM-abc\n",
        "/sys/class/block/dm-1/slaves": "dm-0",
        "/sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-ab-root\n",
      },
      "ok",
    ],
    [
      "on a logical volume of which a part is not encrypted",
      {
        "/proc/swaps": partition("/dev/dm-1"),
        "/sys/class/block/dm-1/slaves": "dm-0 sda3",
        "/sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-ab-root\n",
      },
      "warning",
    ],
    [
      "on two areas, one of them plain",
      { "/proc/swaps": partition("/dev/zram0") + "/dev/sdb1 partition 1 0 -3\n" },
      "warning",
    ],
    ["of a kernel that does not tell", { "/proc/swaps": undefined }, "not examined"],
  ])("%s", async (_what, files, state) => {
    expect(await states(machine(files))).toEqual([state, "ok"]);
  });

  test("that goes in circles comes to an end", async () => {
    const files = { "/proc/swaps": partition("/dev/dm-1"), "/sys/class/block/dm-1/slaves": "dm-1" };
    expect(await states(machine(files))).toEqual(["warning", "ok"]);
  });
});

describe("core dumps", () => {
  test.each([
    ["off", {}, "ok"],
    ["with a limit", { "/proc/self/limits": limitsOf("4096") }, "warning"],
    ["without a limit", { "/proc/self/limits": limitsOf("unlimited") }, "warning"],
    ["handed to a program, which no limit holds back", { "/proc/sys/kernel/core_pattern": "|/x %P\n" }, "warning"],
    ["of a kernel that does not tell", { "/proc/self/limits": undefined }, "not examined"],
  ])("%s", async (_what, files, state) => {
    expect(await states(machine(files))).toEqual(["ok", state]);
  });

  test("are not examined elsewhere, and that is no good news", async () => {
    const findings = await memoryFindings(machine({}, false));
    expect(findings.map(({ state, detail }) => [state, detail])).toEqual([
      ["not examined", "not examined here"],
      ["not examined", "not examined here"],
    ]);
  });
});

describe("a clock", () => {
  const card = { created: "2027-03-01T12:00:00Z" } as Card;
  test.each([
    ["right, for all that is known", "2027-03-02T00:00:00Z", [card], "ok"],
    ["a few minutes behind another unit's", "2027-03-01T11:50:00Z", [card], "ok"],
    ["before a card was made", "2027-02-27T00:00:00Z", [card], "failed"],
    ["before this version was made", "1970-01-01T00:00:10Z", [], "failed"],
    ["on the day of this version", `${madeOn}T00:00:01Z`, [], "ok"],
    ["years ahead", "2036-01-01T00:00:00Z", [card], "warning"],
  ])("%s", (_what, at, cards, state) => {
    expect(clockFinding(new Date(at), cards)).toMatchObject({ check: "clock", state });
  });

  test("is never called right", () => {
    expect(clockFinding(new Date(`${madeOn}T12:00:00Z`), []).detail).toMatch(/cannot be told/);
  });
});

describe("Node.js", () => {
  test.each([
    ["18.20.0", "2026-01-01", "failed"],
    ["20.18.3", "2026-01-01", "failed"],
    ["20.19.0", "2026-04-30", "ok"],
    ["20.19.0", "2026-05-01", "warning"],
    ["21.7.0", "2026-01-01", "failed"],
    ["22.12.0", "2026-12-01", "failed"],
    ["22.13.0", "2026-12-01", "ok"],
    ["23.11.0", "2026-12-01", "failed"],
    ["24.0.0", "2026-12-01", "ok"],
    ["24.9.1", "2028-05-01", "warning"],
    ["27.0.0", "2030-01-01", "ok"],
  ])("%s on %s", (node, day, state) => {
    expect(runtimeFinding({ node }, new Date(`${day}T12:00:00Z`))).toMatchObject({ check: "runtime", state });
  });

  test("is judged as package.json says", () => {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    expect(JSON.parse(text)).toMatchObject({ engines: { node: "^20.19.0 || ^22.13.0 || >=24" } });
  });
});
