import { fault } from "./errors.js";

/** Throws INTERNAL unless `bytes` is exactly `sizeBytes` long; `name` says which argument was wrong. */
export function assertSize(name: string, bytes: Uint8Array, sizeBytes: number): void {
  if (bytes.length !== sizeBytes) throw fault(`${name} must be ${sizeBytes} bytes, got ${bytes.length}`);
}

/** Zeros in memory that stays where it is, so that overwriting it leaves no copy behind (crypto/secret-bytes.ts). */
export function unmoved(sizeBytes: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(sizeBytes));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = unmoved(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** For public values only: it returns at the first difference. Secrets are compared in `crypto/`. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Decodes UTF-8; throws TypeError on malformed bytes, and keeps a byte order mark as the character it is. */
export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/**
 * Takes the bytes of a whole async stream together; throws what `tooLong` makes once they exceed `capBytes`. That much
 * memory is taken at once.
 */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  capBytes: number,
  tooLong: () => Error,
): Promise<Uint8Array> {
  const room = unmoved(capBytes);
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    if (sizeBytes + chunk.length > capBytes) throw tooLong();
    room.set(chunk, sizeBytes);
    sizeBytes += chunk.length;
  }
  return room.subarray(0, sizeBytes);
}

/** Takes all of `content` and keeps nothing, for what is thrown on the way. */
export async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  const pieces = content[Symbol.asyncIterator]();
  while ((await pieces.next()).done !== true);
}
