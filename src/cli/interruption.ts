import type { Ui } from "./ui.js";

/**
 * Every signal that would end the program by itself and that node lets be heard: they would leave unfinished work, and
 * SIGQUIT (Ctrl-\\) and SIGXCPU (ulimit -t) a core file full of evidence. SIGPROF is V8's own.
 */
const signals = [
  ...(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU"] as const),
  ...(["SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPWR", "SIGIO", "SIGSTKFLT"] as const),
];

/**
 * Ctrl-C, a shutdown or a closed terminal stops the work through the signal returned here: the rooms below clean up and
 * reject. A second Ctrl-C changes nothing (half-made files must not stay), but is answered.
 */
export function abortOnSignals(ui: Ui): AbortController {
  const controller = new AbortController();
  for (const name of signals) {
    process.on(name, () => {
      if (controller.signal.aborted) ui.note("still stopping: what is unfinished is being removed");
      controller.abort();
    });
  }
  return controller;
}
