import type { DiscFindings } from "./disc-finding.js";
import { placeOf, type Extent } from "./sector.js";

/**
 * Which bytes of the disc belong to what. Whoever reads a structure claims its bytes, and answers for each of them;
 * what nobody claims must be zero.
 */
export class ByteMap {
  readonly #claims: Extent[] = [];

  claim(extent: Extent): void {
    if (extent.sizeBytes > 0) this.#claims.push(extent);
  }

  get endOffset(): number {
    return this.#claims.reduce((end, { offset, sizeBytes }) => Math.max(end, offset + sizeBytes), 0);
  }

  /** The unclaimed ranges up to `endOffset`, in order. Overlaps are findings. */
  gaps(endOffset: number, findings: DiscFindings): readonly Extent[] {
    const gaps: Extent[] = [];
    let reached = 0;
    for (const { offset, sizeBytes } of this.#claims.sort((a, b) => a.offset - b.offset)) {
      if (offset < reached) findings.add("DISC_OVERLAP", placeOf(offset));
      if (offset > reached) gaps.push({ offset: reached, sizeBytes: offset - reached });
      reached = Math.max(reached, offset + sizeBytes);
    }
    if (endOffset > reached) gaps.push({ offset: reached, sizeBytes: endOffset - reached });
    return gaps;
  }
}
