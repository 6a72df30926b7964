import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { platform } from "node:os";
import { EvsealError } from "../errors.js";

// Only the user: evseal's files are nobody else's business until they are handed over on purpose.
export const fileMode = 0o600;
export const folderMode = 0o700;

/** A new file, never an existing one, never through a link. Throws what `outputError` makes of a failure. */
export async function createExclusive(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return await output(open(path, flags, fileMode));
}

/** Writes all of `bytes`; the operating system may take less than it is given. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    const { bytesWritten } = await output(handle.write(bytes, offset));
    offset += bytesWritten;
  }
}

/** Makes the names in a folder durable, as fsync(2) of a file does not. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (platform() === "win32") return;
  const handle = await output(open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
  try {
    await output(handle.sync());
  } finally {
    await output(handle.close());
  }
}

/** Awaits a file system call and gives its failure the right code. */
export async function output<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw outputError(cause);
  }
}

/** The same for a call that another thread answers. Node's `promisify` takes longer than many of them, every time. */
export async function outputAside(call: (done: (cause: Error | null) => void) => void): Promise<void> {
  const asked = new Promise<void>((resolve, reject) => {
    call((cause) => (cause === null ? resolve() : reject(cause)));
  });
  await output(asked);
}

export function outputSync<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw outputError(cause);
  }
}

/** OUTPUT_EXISTS, OUTPUT_NO_SPACE or OUTPUT_FAILED. */
export function outputError(cause: unknown): EvsealError {
  switch (codeOf(cause)) {
    case "EEXIST":
    case "ENOTEMPTY":
      return outputExists(cause);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new EvsealError("OUTPUT_NO_SPACE", "there is no space left for the output", {
        hint: "free some space, or name another folder with --out",
        cause,
      });
    default:
      return new EvsealError("OUTPUT_FAILED", "the output could not be written", {
        hint: "check that the folder exists, that you may write there, and that its disk is healthy",
        cause,
      });
  }
}

/** EDQUOT on Linux has no name in the libuv of Node 20, and two spellings. */
function codeOf(cause: unknown): unknown {
  if (!(cause instanceof Error)) return undefined;
  if ("errno" in cause && cause.errno === -122) return "EDQUOT";
  return "code" in cause ? cause.code : undefined;
}

export function outputExists(cause?: unknown): EvsealError {
  return new EvsealError("OUTPUT_EXISTS", "the output is already there", {
    hint: "evseal never overwrites: move it away, or choose another place",
    cause,
  });
}
