import { fstatSync, read, readFileSync, type Stats } from "node:fs";
import { addAbortSignal } from "node:stream";
import { isatty } from "node:tty";
import { promisify } from "node:util";
import { gather, readInputFile, type InputLimits } from "./input-file.js";
import { interrupted } from "../watch.js";

const highestOwnDescriptor = 64;

/**
 * All that can be read from a descriptor which whoever started evseal opened, 0 or above 2. Throws what
 * `limits.refuse` makes, and INTERRUPTED.
 */
export async function readInputDescriptor(descriptor: number, limits: InputLimits): Promise<Uint8Array> {
  if (isatty(descriptor)) throw limits.refuse("is a terminal, which would show what is typed");
  if (descriptor === 0) return await readStdin(limits);
  const found = statOf(descriptor);
  if (found === undefined || isOwnOfNode(found)) throw limits.refuse("cannot be read");
  // Opened anew, a pipe can be asked without waiting in it (readInputFile); a socket cannot be opened.
  if (found.isFIFO() && process.platform !== "win32") return await readInputFile(`/dev/fd/${descriptor}`, limits);
  return await gather(async (room) => {
    try {
      return (await readDescriptor(descriptor, room, 0, room.length, null)).bytesRead;
    } catch (cause) {
      throw limits.refuse("cannot be read", cause);
    }
  }, limits);
}

const readDescriptor = promisify(read);

async function readStdin(limits: InputLimits): Promise<Uint8Array> {
  const chunks = addAbortSignal(limits.signal, process.stdin)[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  try {
    return await gather(async (room) => {
      if (rest.length === 0) {
        const next: IteratorResult<unknown> = await chunks.next();
        if (next.done === true) return 0;
        rest = next.value as Buffer; // stdin has no encoding set
      }
      const sizeBytes = rest.copy(room);
      rest.fill(0, 0, sizeBytes);
      rest = rest.subarray(sizeBytes);
      return sizeBytes;
    }, limits);
  } catch (error) {
    if (limits.signal.aborted) throw interrupted();
    throw error;
  } finally {
    rest.fill(0);
    process.stdin.destroy();
  }
}

function statOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

/**
 * Whether the number names something that node keeps for itself, because nothing was opened there: event queues, which
 * are of no known type, and pipes into which this process itself can write. Reading such a pipe would never end, and
 * would take away node's own messages, Ctrl-C among them.
 */
function isOwnOfNode(found: Stats): boolean {
  if (!found.isFile() && !found.isFIFO() && !found.isCharacterDevice() && !found.isSocket()) return true;
  if (!found.isFIFO()) return false;
  return Array.from({ length: highestOwnDescriptor }, (_, other) => other).some((other) => {
    const stat = statOf(other);
    return stat?.ino === found.ino && stat.dev === found.dev && isWritable(other);
  });
}

/** Linux tells how a descriptor was opened, in octal with O_ACCMODE in the last digit; elsewhere nobody does. */
function isWritable(descriptor: number): boolean {
  try {
    return /^flags:\s*[0-7]*[12]$/m.test(readFileSync(`/proc/self/fdinfo/${descriptor}`, "ascii"));
  } catch {
    return false;
  }
}
