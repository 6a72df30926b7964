import { spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { closeSync, linkSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeSync } from "node:fs";
import path from "node:path";

const mebibyte = 2 ** 20;
const block = Buffer.alloc(mebibyte);

/**
 * Writes what a case is made of below `folder`: `files` of `bytesEach`, in folders of a thousand, and a note of 1 KiB
 * where the case wants a small file beside large ones. The same seed makes the same bytes, and no compressor makes them
 * fewer. A `linked` case is one file under many names, so that its size does not have to fit on the disk twice.
 */
export function writeSources(folder, { files, bytesEach, linked, note }, seed) {
  const random = randomBytes(seed);
  for (let index = 0; index < files; index++) {
    const part = path.join(folder, `part-${Math.floor(index / 1000)}`);
    if (index % 1000 === 0) mkdirSync(part, { recursive: true });
    const file = path.join(part, `clip-${index}.bin`);
    if (linked && index > 0) linkSync(path.join(folder, "part-0", "clip-0.bin"), file);
    else writeRandom(file, bytesEach, random);
  }
  if (note) writeRandom(path.join(folder, "note.txt"), 1024, random);
}

/** The keystream of AES-256 in counter mode, under the seed's hash. */
function randomBytes(seed) {
  const key = createHash("sha256").update(seed).digest();
  const keystream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(mebibyte);
  return (count) => keystream.update(zeros.subarray(0, count));
}

function writeRandom(file, sizeBytes, random) {
  const descriptor = openSync(file, "wx");
  for (let left = sizeBytes; left > 0; left -= mebibyte) writeSync(descriptor, random(Math.min(left, mebibyte)));
  closeSync(descriptor);
}

/** The paths of all files below `folder`, from there, sorted. */
export function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

/** Every file below `folder` with its SHA-256, as one text: equal texts are equal trees. */
export function digestOfTree(folder) {
  return filesBelow(folder)
    .map((file) => `${digestOfFile(path.join(folder, file))} ${file}\n`)
    .join("");
}

function digestOfFile(file) {
  const hash = createHash("sha256");
  readThrough(file, (bytes) => hash.update(bytes));
  return hash.digest("hex");
}

export function bytesBelow(folder) {
  return filesBelow(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
}

/** Reads all of `folder`, so that nobody has to fetch it from the disk; linked files once. */
export function warm(folder) {
  const seen = new Set();
  for (const file of filesBelow(folder)) {
    const { ino } = statSync(path.join(folder, file));
    if (!seen.has(ino)) readThrough(path.join(folder, file), () => {});
    seen.add(ino);
  }
}

/** Has the kernel let go of all of `folder` that it keeps in memory, as coreutils do it: whoever reads it asks the disk. */
export function forget(folder) {
  for (const file of filesBelow(folder)) {
    const asked = ["iflag=nocache", "count=0", "status=none", `if=${path.join(folder, file)}`];
    const { status } = spawnSync("dd", asked, { stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) throw new Error(`dd ended with ${status}`);
  }
}

function readThrough(file, each) {
  const descriptor = openSync(file, "r");
  for (let count; (count = readSync(descriptor, block)) > 0;) each(block.subarray(0, count));
  closeSync(descriptor);
}
