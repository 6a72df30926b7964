import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { environment, program, type RunOptions } from "../cli/run.js";
import type { Step, TerminalResult } from "../cli/on-terminal.js";

/** Bytes that the program has handed to the system, or a name that it has made or changed. */
export interface Written {
  /** `write`, `openat`, `rename` … */
  readonly call: string;
  /** The path of the descriptor written to, as far as it has one; else the kind of thing it is. */
  readonly to: string;
  readonly bytes: Buffer;
}

export interface Traced {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly written: readonly Written[];
  /** What has no business in evseal: a connection, another program, a way to write that is not seen here. */
  readonly unseen: readonly string[];
}

const writing = ["write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg"];
const naming = [
  ...["open", "openat", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "link"],
  ...["linkat", "symlink", "symlinkat", "truncate", "memfd_create", "setxattr", "fsetxattr", "lsetxattr"],
];
const foreign = [
  ...["sendfile", "splice", "vmsplice", "tee", "copy_file_range", "process_vm_writev", "io_uring_setup", "ptrace"],
  ...["socket", "connect", "bind", "execve", "execveat", "fork", "vfork", "shmget", "msgsnd", "mq_open", "syslog"],
];

/** Runs the program under strace, which writes every byte down that leaves the process, and who was to get it. */
export async function traced(
  args: readonly string[],
  options: RunOptions & { readonly trace: string; readonly inject?: string },
): Promise<Traced> {
  const { cwd, input = "", trace, fds = {} } = options;
  const further = Object.keys(fds).map(() => "pipe" as const);
  const child = spawn("strace", straceWords(args, options), {
    cwd,
    env: environment(options),
    stdio: ["pipe", "pipe", "pipe", ...further],
  });
  const inputs = [[0, input], ...Object.entries(fds)] as const;
  for (const [descriptor, content] of inputs) {
    const stream = child.stdio[Number(descriptor)] as NodeJS.WritableStream;
    stream.on("error", () => undefined);
    stream.end(content);
  }
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...said, ...readTrace(trace) };
}

/** The same with stdin and stderr on a terminal; what it showed is `stderr`. */
export async function tracedOnTerminal(
  args: readonly string[],
  options: RunOptions & { readonly trace: string },
  talk: readonly Step[],
): Promise<Traced> {
  const python = spawn("python3", [fileURLToPath(new URL("../cli/terminal.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const env = environment({ ...options, env: { TERM: "xterm", ...options.env } });
  const argv = ["strace", ...straceWords(args, options)];
  python.stdin.end(JSON.stringify({ argv, env, cwd: options.cwd, stdout: "terminal", talk }));
  let answer = "";
  for await (const part of python.stdout.setEncoding("utf8")) answer += part as string;
  const { code, screen, unsaid } = JSON.parse(answer) as TerminalResult; // terminal.py is ours
  if (unsaid > 0) throw new Error(`it never asked: ${screen}`);
  return { code, stdout: "", stderr: screen, ...readTrace(options.trace) };
}

function straceWords(
  args: readonly string[],
  { trace, inject }: { readonly trace: string; readonly inject?: string },
): readonly string[] {
  const calls = [...writing, ...naming, ...foreign, "mmap", "fsync"].join(",");
  const injected = inject === undefined ? [] : ["-e", `inject=${inject}`]; // only what is traced can be injected
  const sizeLimit = (64 * 1024 * 1024).toString();
  const options = [
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-y",
    "-xx",
    "-s",
    sizeLimit,
    "-e",
    `trace=${calls}`,
    ...injected,
    "-o",
    trace,
  ];
  return [...options, "--", process.execPath, program, ...args];
}

const strings = /"((?:\\x[0-9a-f]{2})*)"/g;

function readTrace(trace: string): Pick<Traced, "written" | "unseen"> {
  const written: Written[] = [];
  const unseen: string[] = [];
  let programs = 0;
  for (const line of readFileSync(trace, "latin1").split("\n")) {
    const [, call, rest] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    if (call === undefined || rest === undefined) continue; // the end of a call whose beginning stood before
    if (call === "mmap") {
      if (/PROT_WRITE.*MAP_SHARED.*, \d+</.test(rest)) unseen.push("a file that is written through memory");
    } else if (call === "execve" && programs === 0) programs += 1;
    else if (foreign.includes(call)) unseen.push(call);
    else if (writing.includes(call)) written.push({ call, to: destinationOf(rest), bytes: bytesIn(rest) });
    else if (naming.includes(call) && (!call.startsWith("open") || /O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE/.test(rest))) {
      written.push({ call, to: "a name", bytes: bytesIn(rest) });
    }
  }
  return { written, unseen };
}

/** All strings of a call, one after the other: a vector's pieces are one text that was written. */
function bytesIn(line: string): Buffer {
  return Buffer.concat([...line.matchAll(strings)].map(([, text = ""]) => unescaped(text)));
}

function destinationOf(line: string): string {
  return unescaped(/^\d+<((?:\\x[0-9a-f]{2})*)/.exec(line)?.[1] ?? "").toString("utf8");
}

function unescaped(text: string): Buffer {
  return Buffer.from(text.replaceAll("\\x", ""), "hex");
}
