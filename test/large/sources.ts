import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";

/**
 * A file of `sizeBytes` that takes hardly any room on the disk: zeros, and words at its start, at its end and on both
 * sides of 8 GiB, where a tar header's size field ends.
 */
export function writeSparseFile(file: string, sizeBytes: number): void {
  const eightGiB = 8 * 2 ** 30;
  const descriptor = openSync(file, "wx");
  ftruncateSync(descriptor, sizeBytes);
  for (const offset of [0, sizeBytes - 5, eightGiB - 5, eightGiB].filter((at) => at + 5 <= sizeBytes)) {
    writeSync(descriptor, "words", offset);
  }
  closeSync(descriptor);
}

/** `count` small files in folders of a thousand, each with its own content. */
export function writeSmallFiles(folder: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const below = path.join(folder, `part-${Math.floor(index / 1000)}`);
    if (index % 1000 === 0) mkdirSync(below, { recursive: true });
    writeFileSync(path.join(below, `clip-${index}.txt`), `clip ${index}\n`.repeat(index % 50));
  }
}
