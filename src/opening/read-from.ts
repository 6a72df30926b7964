import type { FileHandle } from "node:fs/promises";

/** `sizeBytes` bytes from `offset`, fewer only at the end of the file. */
export async function readFrom(handle: FileHandle, offset: number, sizeBytes: number): Promise<Uint8Array> {
  return await readInto(handle, offset, Buffer.allocUnsafe(sizeBytes));
}

/** Fills `room` from `offset` and gives the part of it that was filled: all but at the end of the file. */
export async function readInto(handle: FileHandle, offset: number, room: Uint8Array): Promise<Uint8Array> {
  let filled = 0;
  while (filled < room.length) {
    const { bytesRead } = await handle.read(room, filled, room.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return room.subarray(0, filled);
}
