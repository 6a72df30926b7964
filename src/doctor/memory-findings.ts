/** How the memory of a running evseal could come to a disk: by swap, or by a core dump (docs/THREATS.md, "Memory"). */
import { join } from "node:path";
import { Check, type Finding } from "./finding.js";
import type { Surroundings } from "./surroundings.js";

const swap = new Check("swap", "unit");
const coreDumps = new Check("core dumps", "unit");
const askTheSystem = "find out in the system's own settings whether memory is written to an unencrypted disk";

export async function memoryFindings(machine: Surroundings): Promise<readonly Finding[]> {
  if (!machine.isLinux) return [swap.notExamined(askTheSystem), coreDumps.notExamined(askTheSystem)];
  return [await swapFinding(machine), await coreDumpFinding(machine)];
}

async function swapFinding(machine: Surroundings): Promise<Finding> {
  const table = await machine.read("/proc/swaps");
  if (table === undefined) return swap.notExamined(askTheSystem);
  const areas = table.split("\n").slice(1).filter(Boolean);
  const kinds = await Promise.all(areas.map((line) => kindOfSwap(machine, line)));
  const open = kinds.filter((kind) => kind === "open").length;
  if (open > 0) {
    const where = kinds.length === 1 ? "swap is on" : `swap is on, and ${open} of ${kinds.length} swap areas are`;
    return swap.warning(
      `${where}${kinds.length === 1 ? " and" : ""} not known to be encrypted: keys and evidence in memory may reach a disk`,
      "turn swap off (swapoff -a) while evseal runs, or put it on an encrypted disk",
    );
  }
  if (kinds.length === 0) return swap.ok("swap is off");
  return swap.ok("swap is on, and all of it is encrypted or kept in memory");
}

/** A line of /proc/swaps: the path, with a space in it spelled \040, then `partition` or `file`. */
async function kindOfSwap(machine: Surroundings, line: string): Promise<"encrypted" | "in memory" | "open"> {
  const [, device] = /^\/dev\/(?:mapper\/)?([\w.-]+)\s+partition\s/.exec(line) ?? [];
  if (device === undefined) return "open"; // a file: on what it lies is not asked
  if (/^zram\d+$/.test(device)) return "in memory";
  return (await isEncrypted(machine, device, 0)) ? "encrypted" : "open";
}

const layersCap = 8;

/** A device mapper's own id says CRYPT- for LUKS and plain dm-crypt; LVM lies upon what its slaves are. */
async function isEncrypted(machine: Surroundings, device: string, depth: number): Promise<boolean> {
  const folder = join("/sys/class/block", device);
  if ((await machine.read(join(folder, "dm", "uuid")))?.startsWith("CRYPT-") === true) return true;
  const below = depth < layersCap ? await machine.list(join(folder, "slaves")) : [];
  const encrypted = await Promise.all(below.map((each) => isEncrypted(machine, each, depth + 1)));
  return encrypted.length > 0 && encrypted.every(Boolean);
}

/** core(5): a pattern that begins with a pipe hands the dump to a program, whatever the limit is. */
async function coreDumpFinding(machine: Surroundings): Promise<Finding> {
  const limits = await machine.read("/proc/self/limits");
  const [, limit] = /^Max core file size\s+(\w+)\s/m.exec(limits ?? "") ?? [];
  const pattern = await machine.read("/proc/sys/kernel/core_pattern");
  if (limit === undefined || pattern === undefined) return coreDumps.notExamined(askTheSystem);
  if (pattern.startsWith("|")) {
    return coreDumps.warning(
      "a crash would hand a dump of memory, keys and evidence in it, to a program of the system",
      "have that program keep none (with systemd: Storage=none and ProcessSizeMax=0 in coredump.conf)",
    );
  }
  if (limit !== "0") {
    return coreDumps.warning(
      "a crash would write a dump of memory, keys and evidence in it, to a file",
      "run ulimit -c 0 before evseal, or set the limit for the whole system (limits.conf: * hard core 0)",
    );
  }
  return coreDumps.ok("core dumps are off: a crash writes no memory to a disk");
}
