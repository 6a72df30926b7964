/**
 * The terminal's keyboard while a question for a passphrase may still come. Where bin/evseal.cjs foresees one it switches
 * the echo off in its first lines; what is typed before the question is then neither shown nor taken for an answer, as
 * sudo and ssh have it. So it stays, between the questions too, until the key is open or the work is over.
 */
const key = { ctrlC: 0x03, ctrlBackslash: 0x1c } as const;

let isQuiet = false;

/** Nothing typed is shown from here on. Only for a terminal; node gives it back as it was whenever the process ends. */
export function startQuiet(): void {
  isQuiet = true;
  process.stdin.setRawMode(true);
  process.stdin.off("data", drop).on("data", drop);
  process.stdin.off("error", ignore).on("error", ignore); // a terminal that goes away is told of by SIGHUP
  process.stdin.resume();
  process.stdin.unref(); // nobody waits for what is dropped
}

export function endQuiet(): void {
  if (!isQuiet) return;
  isQuiet = false;
  stopDropping();
  process.stdin.setRawMode(false);
}

/** Hands the keyboard to `ask`, and is as quiet afterwards as before. */
export async function whileAsking<T>(ask: () => Promise<T>): Promise<T> {
  if (!isQuiet) return await ask();
  stopDropping();
  process.stdin.ref();
  try {
    return await ask();
  } finally {
    startQuiet();
  }
}

function stopDropping(): void {
  process.stdin.off("data", drop);
  process.stdin.pause();
}

/** A terminal in raw mode sends as characters what would have been signals. */
function drop(typed: Buffer): void {
  const isInterrupt = typed.includes(key.ctrlC);
  const isQuit = typed.includes(key.ctrlBackslash);
  typed.fill(0);
  if (!isInterrupt && !isQuit) return;
  const signal = isInterrupt ? "SIGINT" : "SIGQUIT";
  if (!process.emit(signal)) process.kill(process.pid, signal); // a signal of its own would end it at once on Windows
}

function ignore(): void {
  // Said elsewhere.
}
