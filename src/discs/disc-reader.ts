import type { ByteSource } from "../age/open.js";
import { ByteMap } from "./byte-map.js";
import { DiscFault, DiscFindings } from "./disc-finding.js";
import { placeOf, type Extent } from "./sector.js";

/** A disc, or the image of one; `read` throws DiscFault where the medium cannot be read. */
export interface DiscSource extends ByteSource {
  /** How much of its end a drive may be unable to read without that meaning anything (see zero-scan.ts). */
  readonly runOutSizeBytes: number;
}

/** What every part of the reading of one disc shares: where bytes come from, whose they are, and what was found. */
export class DiscReader {
  readonly source: DiscSource;
  readonly map = new ByteMap();
  readonly findings = new DiscFindings();

  constructor(source: DiscSource) {
    this.source = source;
  }

  /** Claims and reads a whole structure, whose size the caller has capped. Throws DiscFault. */
  async take(extent: Extent): Promise<Buffer> {
    this.map.claim(extent);
    return await this.peek(extent);
  }

  /** Reads without a claim. */
  async peek({ offset, sizeBytes }: Extent): Promise<Buffer> {
    if (offset + sizeBytes > this.source.sizeBytes) throw new DiscFault("DISC_CUT_SHORT", placeOf(offset));
    const bytes = await this.source.read(offset, sizeBytes);
    if (bytes.length !== sizeBytes) throw new DiscFault("DISC_CUT_SHORT", placeOf(offset));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
