import { Check, type Finding } from "./finding.js";

/** What the cli knows of the process that it runs in. */
export interface Runtime {
  /** Of Node.js, without a `v`. */
  readonly node: string;
  readonly openssl: string;
  /** `linux x64` */
  readonly system: string;
  /** The program that runs this: Node.js, or evseal itself where it is one file. */
  readonly executable: string;
}

/** package.json, "engines": the first version of each line that evseal runs on. */
const supported: ReadonlyMap<number, number> = new Map([
  [20, 19],
  [22, 13],
]);
const allFrom = 24;

/** The last day of each line's upstream support (nodejs.org, release schedule). */
const supportEnds: ReadonlyMap<number, string> = new Map([
  [20, "2026-04-30"],
  [22, "2027-04-30"],
  [24, "2028-04-30"],
]);

const runtime = new Check("runtime", "evseal");

export function runtimeFinding({ node }: Pick<Runtime, "node">, at: Date): Finding {
  const [major = 0, minor = 0] = node.split(".").map(Number);
  if (major < allFrom && minor < (supported.get(major) ?? Infinity)) {
    return runtime.failed(`evseal is not made for Node.js ${node}`, "install Node.js 24, or 20.19 or 22.13 and later");
  }
  const end = supportEnds.get(major);
  if (end === undefined || at.toISOString().slice(0, 10) <= end) return runtime.ok(`Node.js ${node}`);
  return runtime.warning(
    `Node.js ${node} works, and has had no repairs of faults since ${end}`,
    "have a supported version installed, such as Node.js 24",
  );
}
