import type { Ui } from "./ui.js";

/** SIGQUIT (Ctrl-\\) too: it would leave unfinished work, and a core file full of evidence. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

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
