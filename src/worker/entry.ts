/** Where every thread begins: the one file that a Worker is started with. */
import { parentPort, workerData } from "node:worker_threads";
import { blockOpening, blockSealing } from "../age/block-stages.js";
import { sealedHashing } from "../age/sealed-hashing.js";
import { mediaReading } from "../media/media-reading.js";
import { containerReading } from "../opening/container-reading.js";
import { mediaChecking } from "../opening/media-checking.js";
import { containerWriting } from "../output/container-writing.js";
import { runStageThread, type ThreadWork } from "../ring/stage-thread.js";

const kinds = [
  mediaReading,
  blockSealing,
  sealedHashing,
  containerWriting,
  containerReading,
  blockOpening,
  mediaChecking,
];

parentPort?.postMessage(await runStageThread(workerData as ThreadWork, kinds)); // ring/pipeline.ts gives nothing else
