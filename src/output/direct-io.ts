/** Reading and writing past the page cache (open(2), O_DIRECT), which moves whole pages between a disk and our memory. */
import { constants, openSync } from "node:fs";

/** A second way to a file that can be opened by `flags`; undefined where the system or its file system has no such one. */
export function openDirect(path: string, flags: number): number | undefined {
  if (!constants.O_DIRECT) return undefined; // undefined but on Linux
  try {
    return openSync(path, flags | constants.O_DIRECT);
  } catch (cause) {
    if (!isRefusedDirect(cause)) throw cause;
    return undefined;
  }
}

/** What a file system answers that cannot, or not at this place: then the ordinary way is left. */
export function isRefusedDirect(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === "EINVAL";
}
