/** Where every thread begins: the one file that a Worker is started with. Each begins with the code of its own stage only. */
import { parentPort, workerData } from "node:worker_threads";
import { runStageThread, type FindStage, type ThreadWork } from "../ring/stage-thread.js";

const stages: Readonly<Record<string, FindStage>> = {
  "media reading": async () => (await import("../media/media-reading.js")).mediaReading,
  sealing: async () => (await import("../age/block-stages.js")).blockSealing,
  "container writing": async () => (await import("../output/container-writing.js")).containerWriting,
  "container reading": async () => (await import("../opening/container-reading.js")).containerReading,
  opening: async () => (await import("../age/block-stages.js")).blockOpening,
  "media checking": async () => (await import("../opening/media-checking.js")).mediaChecking,
};

const ended = runStageThread(workerData as ThreadWork, stages); // ring/pipeline.ts gives nothing else
void ended.then((end) => parentPort?.postMessage(end)); // no await: the single file's threads are scripts, not modules
