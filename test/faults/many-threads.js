// `node many-threads.js FOLDER`: threads that write, read and rename files of their own, all at once. Prints how many of
// its calls failed, or read something else. Not a part of evseal: it is what the shim is tried on.
import { Buffer } from "node:buffer";
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { isMainThread, parentPort, threadId, Worker, workerData } from "node:worker_threads";

const threads = 6;
const filesOfEach = 20;

function work(folder) {
  let failed = 0;
  const attempt = (call) => {
    try {
      return call();
    } catch {
      failed += 1;
      return undefined;
    }
  };
  attempt(() => mkdirSync(path.join(folder, `of-${threadId}`)));
  for (let file = 0; file < filesOfEach; file++) {
    const name = path.join(folder, `${threadId}-${file}`);
    const fd = attempt(() => openSync(name, "wx+"));
    if (fd === undefined) continue;
    for (const text of ["one", "two"]) attempt(() => writeSync(fd, text));
    attempt(() => fsyncSync(fd));
    const bytes = Buffer.alloc(6);
    if (attempt(() => readSync(fd, bytes, 0, 6, 0)) === 6 && String(bytes) !== "onetwo") failed += 1;
    attempt(() => closeSync(fd));
    attempt(() => renameSync(name, `${name}.done`));
  }
  return failed;
}

if (isMainThread) {
  const ends = Array.from({ length: threads }, async () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
    return await new Promise((resolve) => worker.once("message", resolve));
  });
  const failed = await Promise.all(ends);
  console.log(failed.reduce((sum, each) => sum + each));
} else {
  parentPort.postMessage(work(workerData));
}
