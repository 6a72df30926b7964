import { DiscFault } from "./disc-finding.js";

/** ECMA-119 6.1.2 allows others; every disc in use has this one. */
export const sectorSizeBytes = 2048;

/** A range of the disc, in bytes. */
export interface Extent {
  readonly offset: number;
  readonly sizeBytes: number;
}

export function placeOf(offset: number): string {
  return `sector ${Math.floor(offset / sectorSizeBytes)}`;
}

/** ECMA-119 7.2.3: a number in both orders of bytes, which must agree. */
export function both16(bytes: Buffer, at: number, place: string): number {
  const value = bytes.readUInt16LE(at);
  if (value !== bytes.readUInt16BE(at + 2)) throw new DiscFault("DISC_MALFORMED", place);
  return value;
}

/** ECMA-119 7.3.3. */
export function both32(bytes: Buffer, at: number, place: string): number {
  const value = bytes.readUInt32LE(at);
  if (value !== bytes.readUInt32BE(at + 4)) throw new DiscFault("DISC_MALFORMED", place);
  return value;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
