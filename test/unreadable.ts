import fs from "node:fs";
import fsPromises, { type FileHandle } from "node:fs/promises";
import { standIn, systemError, type Call } from "./stand-in.js";

/** From the first byte to before the last. */
export type Range = readonly [start: number, end: number];

const pageSizeBytes = 4096;

/**
 * Lets reading fail with EIO at these places of these files, until the test ends: a request gives what stands before the
 * page with the bad place, as Linux does, and fails where that is its first.
 */
export function unreadableAt(places: ReadonlyMap<string, readonly Range[]>): void {
  const readable = (path: string, position: number, length: number): number | undefined => {
    const ahead = (places.get(path) ?? [])
      .map(toPages)
      .filter(([start, end]) => start < position + length && end > position);
    const end = Math.min(position + length, ...ahead.map(([start]) => start));
    return length > 0 && end <= position ? undefined : end - position;
  };
  standIn(fsPromises, "open", (open) => async (...given) => {
    const handle = (await open(...given)) as FileHandle;
    const path = String(given[0]);
    if (!places.has(path)) return handle;
    const read = handle.read.bind(handle) as Call;
    handle.read = (async (buffer: unknown, offset: unknown, length: number, position: number) => {
      const possible = readable(path, position, length);
      if (possible === undefined) throw systemError("EIO");
      return await read(buffer, offset, possible, position);
    }) as unknown as FileHandle["read"];
    return handle;
  });
  standIn(fs, "read", (read) => (...given) => {
    const [descriptor, buffer, offset, length, position, callback] = given as [
      number,
      unknown,
      unknown,
      number,
      number,
      Call,
    ];
    const possible = readable(fs.readlinkSync(`/proc/self/fd/${descriptor}`), position, length);
    return possible === undefined
      ? callback(systemError("EIO"))
      : read(descriptor, buffer, offset, possible, position, callback);
  });
}

function toPages([start, end]: Range): Range {
  return [start - (start % pageSizeBytes), Math.ceil(end / pageSizeBytes) * pageSizeBytes];
}
