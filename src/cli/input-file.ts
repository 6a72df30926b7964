import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { isatty } from "node:tty";
import { concat } from "../bytes.js";
import { interrupted } from "../watch.js";

export type InputProblem = "cannot be read" | "is too large" | "is a terminal, which would show what is typed";

export interface InputLimits {
  /** At most this much is ever held. */
  readonly capBytes: number;
  readonly signal: AbortSignal;
  /** Makes the error that is thrown when the input cannot be used. */
  readonly refuse: (problem: InputProblem, cause?: unknown) => Error;
}

const pollEveryMs = 20;

/**
 * All of a small file or pipe, in memory that nothing else shares. Throws what `refuse` makes, and INTERRUPTED. Nothing
 * here waits inside the operating system, where no signal would reach it and the process could not even exit.
 */
export async function readInputFile(path: string, limits: InputLimits): Promise<Uint8Array> {
  const { refuse } = limits;
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw refuse("cannot be read", cause);
  });
  try {
    if (isatty(file.fd)) throw refuse("is a terminal, which would show what is typed");
    return await gather((room) => readSome(file, room, limits), limits);
  } finally {
    await file.close();
  }
}

/** Calls `read` until it gives nothing more, each time with the room that is left. */
export async function gather(
  read: (room: Uint8Array) => Promise<number>,
  { capBytes, refuse }: InputLimits,
): Promise<Uint8Array> {
  const room = new Uint8Array(capBytes + 1);
  try {
    for (let filledBytes = 0; filledBytes < room.length;) {
      const sizeBytes = await read(room.subarray(filledBytes));
      if (sizeBytes === 0) return concat(room.subarray(0, filledBytes));
      filledBytes += sizeBytes;
    }
    throw refuse("is too large");
  } finally {
    room.fill(0); // it may have held a key
  }
}

/** An open pipe that is empty just now answers EAGAIN: it is asked again, until the work is interrupted. */
async function readSome(file: FileHandle, room: Uint8Array, { signal, refuse }: InputLimits): Promise<number> {
  while (!signal.aborted) {
    try {
      return (await file.read(room, 0, room.length, null)).bytesRead;
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EAGAIN"))
        throw refuse("cannot be read", cause);
      await setTimeout(pollEveryMs);
    }
  }
  throw interrupted();
}
