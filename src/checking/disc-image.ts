import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { DiscFault } from "../discs/disc-finding.js";
import type { DiscSource } from "../discs/disc-reader.js";
import { placeOf, sectorSizeBytes } from "../discs/sector.js";
import { looksLikeDisc } from "../discs/volume-descriptors.js";
import { readFrom } from "../opening/read-from.js";
import { stateOf } from "../opening/sealed-source.js";

/** Larger than any disc or stick, so that looking for the end of a device ends. */
const deviceCapBytes = 2 ** 46;

/** An image in a file, or a drive, open for reading. */
export class DiscImage implements DiscSource {
  readonly sizeBytes: number;
  readonly runOutSizeBytes: number;
  /** `stateOf` the file or device when it was opened. */
  readonly state: string;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, state: string, sizeBytes: number, runOutSizeBytes: number) {
    this.#handle = handle;
    this.state = state;
    this.sizeBytes = sizeBytes;
    this.runOutSizeBytes = runOutSizeBytes;
  }

  /** A block device, or a file with the form of a disc; undefined for anything else. */
  static async open(path: string): Promise<DiscImage | undefined> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const found = await handle.stat({ bigint: true });
      const image = found.isBlockDevice()
        ? new DiscImage(handle, stateOf(found), await deviceSizeBytes(handle), 2 * sectorSizeBytes)
        : new DiscImage(handle, stateOf(found), Number(found.size), 0);
      if (found.isBlockDevice() || (found.isFile() && (await looksLikeDisc(image)))) return image;
    } catch {
      // What cannot be read is named by whoever looks at files.
    }
    await handle.close();
    return undefined;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async read(offset: number, sizeBytes: number): Promise<Uint8Array> {
    try {
      return await readFrom(this.#handle, offset, Math.max(0, Math.min(sizeBytes, this.sizeBytes - offset)));
    } catch (cause) {
      throw new DiscFault("DISC_UNREADABLE", placeOf(offset), cause);
    }
  }
}

/** A device tells no size: the last byte that is there is looked for. One that cannot be read is there. */
async function deviceSizeBytes(handle: FileHandle): Promise<number> {
  const isThere = async (offset: number): Promise<boolean> => {
    try {
      return (await handle.read(Buffer.alloc(1), 0, 1, offset)).bytesRead === 1;
    } catch {
      return offset < deviceCapBytes;
    }
  };
  let below = 0;
  let above = sectorSizeBytes;
  while (above < deviceCapBytes && (await isThere(above - 1))) above *= 2;
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (await isThere(middle - 1)) below = middle;
    else above = middle;
  }
  return below;
}
