import { throwIfInterrupted, type Watch } from "../watch.js";
import { DiscFault, type DiscCode } from "./disc-finding.js";
import type { DiscReader } from "./disc-reader.js";
import { isPrimaryDescriptor } from "./volume-descriptor.js";
import { placeOf, sectorSizeBytes, type Extent } from "./sector.js";

const blockSizeBytes = 256 * 1024;
const zeros = Buffer.alloc(blockSizeBytes);
/** ECMA-119 6.2.1: the first sixteen sectors are anybody's. */
const systemAreaSizeBytes = 16 * sectorSizeBytes;

/** Every byte of the `gaps` is zero: the first that is not is a finding for its gap, and so is each session's start. */
export async function scanGaps(
  reader: DiscReader,
  gaps: readonly Extent[],
  volumeSizeBytes: number,
  watch: Watch,
): Promise<void> {
  const totalBytes = gaps.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  for (const gap of gaps) {
    let isClean = true;
    for (const block of blocksOf(gap, reader.source.sizeBytes - reader.source.runOutSizeBytes)) {
      throwIfInterrupted(watch);
      const bytes = await readBlock(reader, block);
      doneBytes += block.sizeBytes;
      watch.progress("verifying", doneBytes, totalBytes);
      if (bytes.equals(zeros.subarray(0, bytes.length))) continue;
      const at = block.offset + bytes.findIndex((byte) => byte !== 0);
      if (isClean) reader.findings.add(codeFor(at, volumeSizeBytes), placeOf(at));
      isClean = false;
      findSessions(reader, block.offset, bytes);
    }
  }
}

function codeFor(offset: number, volumeSizeBytes: number): DiscCode {
  if (offset < systemAreaSizeBytes) return "DISC_SYSTEM_AREA";
  return offset < volumeSizeBytes ? "DISC_HIDDEN_BYTES" : "DISC_AFTER_VOLUME";
}

/** Every session begins with a primary volume descriptor, at the start of a sector. */
function findSessions(reader: DiscReader, offset: number, bytes: Buffer): void {
  const misalignment = offset % sectorSizeBytes;
  for (let at = misalignment === 0 ? 0 : sectorSizeBytes - misalignment; at < bytes.length; at += sectorSizeBytes) {
    if (isPrimaryDescriptor(bytes.subarray(at))) reader.findings.add("DISC_SECOND_SESSION", placeOf(offset + at));
  }
}

/** Pieces that end on the block's own grid; each sector of the run-out from `runOutOffset` on is one of its own. */
function* blocksOf({ offset, sizeBytes }: Extent, runOutOffset: number): Generator<Extent, void> {
  const end = offset + sizeBytes;
  for (let at = offset; at < end;) {
    const grid = at < runOutOffset ? blockSizeBytes : sectorSizeBytes;
    const stop = at < runOutOffset ? Math.min(end, runOutOffset) : end;
    const next = Math.min(stop, at - (at % grid) + grid);
    yield { offset: at, sizeBytes: next - at };
    at = next;
  }
}

/**
 * The drive counts the two run-out sectors of a CD written track at once (MMC, "Run-out blocks") as part of the disc, and
 * cannot read them: they hold nothing. Anywhere else what cannot be read is a finding.
 */
async function readBlock(reader: DiscReader, block: Extent): Promise<Buffer> {
  try {
    return await reader.peek(block);
  } catch (cause) {
    const isRunOut = block.offset >= reader.source.sizeBytes - reader.source.runOutSizeBytes;
    if (cause instanceof DiscFault && cause.finding.code === "DISC_UNREADABLE" && isRunOut) return Buffer.alloc(0);
    throw cause;
  }
}
