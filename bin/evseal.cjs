#!/usr/bin/env node
// Guards the process before anything of evseal is loaded, and hands the exit code to it. CommonJS: node's loader of modules
// takes longer to start than all that is done here.
const { existsSync, readFileSync, writeSync } = require("node:fs");
const { url: debuggerUrl } = require("node:inspector");
const { isSea } = require("node:sea");
const path = require("node:path");
const { isatty } = require("node:tty");

// Many variables whose names begin with NODE_ make node open a debugger, load foreign code, or write files and messages
// that can hold evidence, and every version of node has new ones. So all are refused but these, of which it is known
// why they do no harm here (node --help and the CLI pages of Node 20 to 24).
const harmless = new Set([
  "NODE_ENV", // of libraries; node does not read it
  "NODE_VERSION", // what container images call the version that they hold
  "NODE_HOME", // where some installers say that they put node
  "NODE_NO_WARNINGS", // evseal shows none anyway
  "NODE_PENDING_DEPRECATION", // more of these warnings
  "NODE_DISABLE_COLORS", // colours of the REPL, which is not started
  "NODE_REPL_HISTORY", // the same
  "NODE_REPL_EXTERNAL_MODULE", // the same
  "NODE_ICU_DATA", // data about languages: no code
  "NODE_EXTRA_CA_CERTS", // of connections, of which evseal makes none
  "NODE_TLS_REJECT_UNAUTHORIZED", // the same
  "NODE_USE_ENV_PROXY", // the same
  "NODE_USE_SYSTEM_CA", // the same
]);
// The single file (build/binary.js) takes no options for node from anywhere, and the program lies inside it.
const isSingleFile = isSea();
if (isSingleFile) harmless.add("NODE_OPTIONS");
// OpenSSL loads engines and providers, which are foreign code, from where these say; node logs keys of TLS to the last.
const others = ["OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSLKEYLOGFILE"];
// LD_PRELOAD and its kind are left alone: the loader has obeyed them long before this line, so that refusing proves
// nothing (docs/THREATS.md).
const unsafeVariables = Object.keys(process.env)
  .filter((name) => (name.startsWith("NODE_") && !harmless.has(name)) || others.includes(name))
  .filter((name) => process.env[name])
  .sort();

// From nothing or from half a path the home would be looked for below the current folder, which may be a disc's: whoever
// made that would be trusted. A variable that is not there makes the system say where the user's folder is.
const { EVSEAL_HOME, HOME, XDG_CONFIG_HOME } = process.env;
const place = XDG_CONFIG_HOME ? "XDG_CONFIG_HOME" : "HOME";
const isHomeless = process.platform !== "win32" && !EVSEAL_HOME && !(XDG_CONFIG_HOME || (HOME ?? "/")).startsWith("/");

function refuse(code, message, hint, exitCode) {
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint, exitCode } })}\n`);
  } else {
    process.stderr.write(`evseal: error ${code}: ${message}\nevseal: hint: ${hint}\n`);
  }
  process.exitCode = exitCode;
}

/** Node opens its debugger on SIGUSR1 until the listener below is there: whoever was quicker is found out here. */
function isDebugged() {
  if (debuggerUrl() === undefined) return false;
  refuse("ENVIRONMENT_UNSAFE", "a debugger was opened on evseal while it started", "find out who did it", 2);
  return true;
}

/** Whatever goes wrong before evseal has listeners of its own: node would show its stack, or end with 0 in silence. */
const listeners = ["uncaughtException", "unhandledRejection", "beforeExit"];
function notStarted() {
  refuse("INTERNAL", "evseal could not be started", "install it anew", 1);
  process.exit(1);
}

/**
 * Whether a person may be about to type a passphrase, so that nothing typed is shown from now on, long before the question
 * (src/cli/quiet-keyboard.ts goes on from here). A word too many costs nothing: the echo is back when nothing is asked.
 */
function mayAskForPassphrase() {
  const words = process.argv.slice(2);
  const isAnswered = words.some((word) => /^(-h|--help|--no-passphrase|--passphrase-f)/.test(word));
  const asks = words.some((word) => ["keygen", "pack", "open", "list", "salvage"].includes(word));
  return asks && !isAnswered && isatty(0) && isatty(2) && isInForeground();
}

/** A job in the background that changes its terminal is stopped by the system; so never there, or where it is unknown. */
function isInForeground() {
  if (process.platform === "win32") return true; // it has no such jobs
  try {
    // proc(5): behind the name in brackets the state, then parent, process group, session, terminal, its foreground group.
    const [, , group, , , foreground] = readFileSync("/proc/self/stat", "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return group === foreground;
  } catch {
    return false;
  }
}

function inProject(name) {
  return path.join(__dirname, "..", name);
}

/** Scripts ask for the version alone all the time: it needs nothing of evseal. False when it could not be said here. */
function saidVersion() {
  if (process.argv.length !== 3 || process.argv[2] !== "--version") return false;
  try {
    const { version } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
    return writeSync(1, `${version}\n`) > version.length;
  } catch {
    return false; // what is wrong with the output is told by evseal itself
  }
}

process.umask(0o077);
// A file system makes all files durable at once that wait together: with node's four threads, opening 20,000 takes a tenth
// longer. Only there: where the system does not let it start so many, libuv aborts.
if (process.argv.includes("open")) process.env.UV_THREADPOOL_SIZE ||= "16";
process.on("SIGUSR1", () => {});
if (mayAskForPassphrase()) process.stdin.on("error", () => {}).setRawMode(true);

if (isDebugged()) {
  // Nothing of evseal was loaded.
} else if (unsafeVariables.length > 0) {
  // What a name is made of is up to whoever set it: only letters are repeated.
  const names = unsafeVariables.filter((name) => /^[A-Z0-9_]+$/.test(name));
  const hint = `unset ${names.join(" ") || "the variables that begin with NODE_"} and run it again`;
  refuse("ENVIRONMENT_UNSAFE", `${names[0] ?? "a variable"} could make node leak what evseal handles`, hint, 2);
} else if (process.execArgv.length > 0 && !isSingleFile) {
  const hint = "start it as evseal, or as node bin/evseal.cjs without options of node";
  refuse("ENVIRONMENT_UNSAFE", "an option of node could make it leak what evseal handles", hint, 2);
} else if (isHomeless) {
  const hint = "name a folder by its whole path in EVSEAL_HOME";
  refuse("ENVIRONMENT_UNSAFE", `${place} does not name a folder that evseal could keep keys in`, hint, 2);
} else if (!isSingleFile && !existsSync(inProject("program/cli/main.js"))) {
  refuse("INTERNAL", "evseal is not whole", "run npm run build, or copy its folder program beside bin", 1);
} else if (!saidVersion()) {
  for (const event of listeners) process.once(event, notStarted);
  // No top-level await: node answers one that never settles with a path and an exit code of its own.
  import("../program/cli/main.js")
    .then(async (evseal) => {
      for (const event of listeners) process.removeListener(event, notStarted);
      if (isDebugged()) return; // a signal from before takes a moment to have its effect
      process.exitCode = await evseal.main(process.argv.slice(2), isSingleFile ? undefined : inProject("."));
    })
    .catch(notStarted);
}
