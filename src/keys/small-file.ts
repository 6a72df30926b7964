import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { platform } from "node:os";

export type FileProblem = "is not there" | "is a link" | "is not a file" | "is too large" | "cannot be read";

export interface SmallFile {
  /** In memory that nothing else shares: a caller that wipes it leaves no copy here. */
  readonly bytes: Uint8Array;
  /** Whether others than its owner may read or write it; Windows does not say. */
  readonly isOpenToOthers: boolean;
}

/** A regular file of at most `capBytes`; a link is not followed. Throws what `refuse` makes of a problem. */
export async function readSmallFile(
  path: string,
  capBytes: number,
  refuse: (problem: FileProblem, cause?: unknown) => Error,
): Promise<SmallFile> {
  const found = await tryToRead(path, capBytes).catch((cause: unknown) => {
    throw refuse(problemOf(cause), cause);
  });
  if (typeof found === "string") throw refuse(found);
  return found;
}

async function tryToRead(path: string, capBytes: number): Promise<SmallFile | FileProblem> {
  // Non-blocking, so that a pipe put in the file's place cannot hold us up.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return "is not a file";
    if (stats.size > capBytes) return "is too large";
    const isOpenToOthers = platform() !== "win32" && (stats.mode & 0o077) !== 0;
    return { bytes: await readAll(handle, stats.size), isOpenToOthers };
  } finally {
    await handle.close();
  }
}

async function readAll(handle: FileHandle, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  for (let filledBytes = 0; filledBytes < sizeBytes;) {
    const { bytesRead } = await handle.read(bytes, filledBytes, sizeBytes - filledBytes);
    if (bytesRead === 0) break; // it has become shorter: whoever parses it will say so
    filledBytes += bytesRead;
  }
  return bytes;
}

function problemOf(cause: unknown): FileProblem {
  switch (cause instanceof Error && "code" in cause ? cause.code : undefined) {
    case "ENOENT":
    case "ENOTDIR":
      return "is not there";
    case "ELOOP":
    case "EMLINK": // FreeBSD
      return "is a link";
    default:
      return "cannot be read";
  }
}
