/** Runs the built program as a person or a script does, with everything around it stated. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../bin/evseal.cjs", import.meta.url));

/** An executable made by build/binary.js that takes the built program's place: `npm run test:binary` names it. */
export const singleFile = process.env["EVSEAL_TEST_PROGRAM"];

/** What can be run by itself, under whatever name. */
export const executable = singleFile ?? program;

/** The first words of a command line that runs the program, or `copy` of the built one. */
export function commandOf(copy?: string, nodeOptions: readonly string[] = []): [string, ...string[]] {
  return singleFile && copy === undefined ? [singleFile] : [process.execPath, ...nodeOptions, copy ?? program];
}

/** `words` as a shell takes them. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

export interface RunOptions {
  /** EVSEAL_HOME. */
  readonly home: string;
  /** What stands on stdin, which is then at its end. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** What can be read from further descriptors, from 3 on. */
  readonly fds?: Readonly<Record<number, string | Uint8Array>>;
  /** Added to PATH, HOME, EVSEAL_HOME: there is nothing else in the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The built program, or a copy of it (patched-program.ts). */
  readonly program?: string;
  /** Options of node, before the program. */
  readonly nodeOptions?: readonly string[];
}

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function environment({ home, env }: Pick<RunOptions, "home" | "env">): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: path.dirname(home), EVSEAL_HOME: home, ...env };
}

export async function run(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, input = "", fds = {}, nodeOptions = [] } = options;
  const further = Array.from({ length: Math.max(2, ...Object.keys(fds).map(Number)) - 2 }, () => "pipe" as const);
  const [file, ...words] = commandOf(options.program, nodeOptions);
  const child = spawn(file, [...words, ...args], {
    cwd,
    env: environment(options),
    stdio: ["pipe", "pipe", "pipe", ...further],
  });
  give(child.stdin, input);
  for (const [descriptor, content] of Object.entries(fds)) give(child.stdio[Number(descriptor)] as Writable, content);
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The program need not read what it is given. */
function give(stream: Writable, content: string | Uint8Array): void {
  stream.on("error", () => undefined);
  stream.end(content);
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** A folder for one test, gone after it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "evseal-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Makes a unit without a passphrase (that is quick) and tells what `keygen --json` said. */
export async function makeUnit(home: string, unit: string): Promise<OwnCard> {
  const { code, stdout, stderr } = await run(["keygen", "--unit", unit, "--classic", "--no-passphrase", "--json"], {
    home,
  });
  if (code !== 0) throw new Error(stderr + stdout);
  return JSON.parse(stdout) as OwnCard;
}

export interface OwnCard {
  readonly unit: string;
  readonly fingerprint: string;
  readonly words: string;
  readonly recipient: string;
  readonly signingKey: string;
  readonly home: string;
}

/** The error document that --json prints; throws unless stdout is exactly one line with one. */
export function errorOf({ stdout }: RunResult): { code: string; message: string; hint: string; exitCode: number } {
  if (!stdout.endsWith("\n") || stdout.slice(0, -1).includes("\n")) throw new Error("not one document");
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint: string; exitCode: number } }).error;
}
