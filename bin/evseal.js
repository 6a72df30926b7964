#!/usr/bin/env node
// Guards the process before anything of evseal is loaded, and hands the exit code to it.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);

// With these, node itself opens a debugger, loads foreign code, or writes files and messages that can hold evidence.
const unsafeVariables = [
  "NODE_OPTIONS",
  "NODE_V8_COVERAGE",
  "NODE_DEBUG",
  "NODE_DEBUG_NATIVE",
  "NODE_REDIRECT_WARNINGS",
].filter((name) => process.env[name]);

function refuse(code, message, hint, exitCode) {
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint, exitCode } })}\n`);
  } else {
    process.stderr.write(`evseal: error ${code}: ${message}\nevseal: hint: ${hint}\n`);
  }
  process.exitCode = exitCode;
}

process.umask(0o077);
process.on("SIGUSR1", () => {}); // node would open its debugger on this signal

if (unsafeVariables.length > 0) {
  const hint = `unset ${unsafeVariables.join(" ")} and run it again`;
  refuse("ENVIRONMENT_UNSAFE", `${unsafeVariables[0]} could make node leak what evseal handles`, hint, 2);
} else if (process.execArgv.length > 0) {
  const hint = "start it as evseal, or as node bin/evseal.js without options of node";
  refuse("ENVIRONMENT_UNSAFE", "an option of node could make it leak what evseal handles", hint, 2);
} else if (!existsSync(main)) {
  refuse("INTERNAL", "evseal is not built yet", "run npm run build", 1);
} else {
  // No top-level await: node answers one that never settles with a path and an exit code of its own.
  import(main.href)
    .then((evseal) => evseal.main(process.argv.slice(2)))
    .then((exitCode) => (process.exitCode = exitCode))
    .catch(() => refuse("INTERNAL", "evseal could not be started", "install it anew", 1));
}
