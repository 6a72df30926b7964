import { readFileSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { must } from "../interop/programs.js";

/** The part a folder plays: what is packed, what is opened, where it goes, and where the keys are. */
export type Role = "source" | "package" | "out" | "home";

/** One call that goes wrong; shim.c says what each action is. */
export interface Fault {
  readonly role: Role;
  /** A name of an operation, or `any`, or `change`. */
  readonly operation: string;
  /** From 1. */
  readonly nth: number;
  /** How many calls in a row; 0 is that one and all after it. */
  readonly times?: number;
  readonly action: string;
  /** The error's name, or microseconds. */
  readonly argument?: keyof typeof constants.errno | number;
}

/** A call of the program's that touched one of the folders. */
export interface Call {
  readonly microseconds: number;
  readonly role: Role;
  readonly operation: string;
  readonly result: number;
  readonly path: string;
  /** Where to, of a rename. */
  readonly second: string;
}

/** Builds shim.c; returns the library's path. */
export async function buildShim(folder: string): Promise<string> {
  const library = path.join(folder, "shim.so");
  const source = fileURLToPath(new URL("shim.c", import.meta.url));
  // A path that is too long for the shim is cut, and then has no part.
  const warnings = ["-Wall", "-Wextra", "-Werror", "-Wno-format-truncation"];
  await must("cc", ["-O1", ...warnings, "-shared", "-fPIC", "-o", library, source, "-ldl", "-lrt"]);
  return library;
}

/** What must stand in the environment for the shim to watch, and to meddle. */
export function shimEnvironment(
  library: string,
  roles: Readonly<Partial<Record<Role, string>>>,
  log: string,
  fault?: Fault,
): Record<string, string> {
  const named = Object.entries(roles).map(([role, folder]) => `${role}=${folder}`);
  const watching = { LD_PRELOAD: library, FAULT_ROLES: named.join(";"), FAULT_LOG: log, UV_USE_IO_URING: "0" };
  if (fault === undefined) return watching;
  const { role, operation, nth, times = 1, action, argument = 0 } = fault;
  const number = typeof argument === "number" ? argument : constants.errno[argument];
  return { ...watching, FAULT: [role, operation, nth, times, action, number].join(" ") };
}

/** What the shim wrote down. */
export interface Log {
  /** In order. */
  readonly calls: readonly Call[];
  /** How many were made before the fault happened, and the call that it first happened to; undefined if it did not. */
  readonly firedAt: number | undefined;
  readonly hit: string | undefined;
}

export function readLog(log: string): Log {
  const lines = readFileSync(log, "utf8").split("\n").slice(0, -1).map(parseCall);
  const firedAt = lines.findIndex(({ operation }) => operation === "FIRED");
  const calls = lines.filter(({ operation }) => operation !== "FIRED");
  const fired = lines[firedAt];
  if (fired === undefined) return { calls, firedAt: undefined, hit: undefined };
  return { calls, firedAt, hit: placeOf({ ...fired, operation: fired.second }) };
}

/** What call it is, in words that are the same in every run: no seal number, and no folder of one run. */
export function placeOf({ role, operation, path: at }: Pick<Call, "role" | "operation" | "path">): string {
  const everyRuns = at
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "")
    .replaceAll(/EV(-[0-9A-Z]{4}){3}/g, "EV");
  return `${role} ${operation} ${everyRuns}`;
}

function parseCall(line: string): Call {
  const [microseconds = "", role = "", operation = "", result = "", , ...rest] = line.split(" ");
  const [path = "", second = ""] = rest.join(" ").split("\t");
  return { microseconds: Number(microseconds), role: role as Role, operation, result: Number(result), path, second };
}

export function describeFault({ role, operation, nth, times = 1, action, argument }: Fault): string {
  const often = times === 0 ? " and all after it" : times > 1 ? ` and the next ${times - 1}` : "";
  return `${action}${argument === undefined ? "" : ` ${argument}`} at ${role} ${operation} ${nth}${often}`;
}
