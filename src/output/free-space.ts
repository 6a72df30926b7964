import { statfs } from "node:fs/promises";
import { EvsealError } from "../errors.js";

/** Bytes that the user may still write below `folder`; undefined where its file system does not say. */
export async function freeBytesAt(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined || found.blocks === 0) return undefined; // as some network and FUSE file systems answer
  return found.bavail * found.bsize;
}

/** Throws OUTPUT_NO_SPACE. */
export function requireFreeBytes(freeBytes: number | undefined, neededBytes: number): void {
  if (freeBytes === undefined || freeBytes >= neededBytes) return;
  throw new EvsealError("OUTPUT_NO_SPACE", "there is too little space left for the package", {
    hint: "free some space, or name another folder with --out",
  });
}
