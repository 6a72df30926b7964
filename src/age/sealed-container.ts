import type { SecretBytes } from "../crypto/secret-bytes.js";
import { fault } from "../errors.js";
import { BlockRing } from "../ring/block-ring.js";
import { useStage, type StageUse } from "../ring/stage.js";
import { blockSealing } from "./block-stages.js";
import { generateFileKey } from "./file-key.js";
import type { Recipient } from "./recipient.js";
import { beginStream, wrapForEach } from "./seal.js";

const minted = Symbol("minted");
/** Whoever reads, sealing, and in `output` writing. */
const stageCount = 3;

/**
 * An age v1 file in the making, as `SealedStream` is one, for a payload that is too large for one thread. What leaves
 * its ring is sealed, which is why `output/` may write it: between whoever fills the clear blocks and whoever takes the
 * sealed ones stands `blockSealing`, always.
 */
export class SealedContainer<Found> {
  /** The header and the nonce: what the file begins with. */
  readonly start: Uint8Array;
  readonly ring: BlockRing;
  readonly #source: StageUse<Found>;
  #fileKey: SecretBytes | undefined;

  private constructor(mark: typeof minted, parts: Parts<Found>) {
    if (mark !== minted) throw fault("only sealing makes a sealed container");
    this.start = parts.start;
    this.ring = parts.ring;
    this.#source = parts.source;
    this.#fileKey = parts.fileKey;
  }

  /** Seals what `source` reads, `payloadSizeBytes` in all. For recipients and their errors see `seal`. */
  static of<Found>(
    source: StageUse<Found>,
    payloadSizeBytes: number,
    recipients: readonly Recipient[],
    slots: number,
  ): SealedContainer<Found> {
    const fileKey = generateFileKey();
    try {
      const { start, streamKey } = beginStream(wrapForEach(recipients, fileKey), fileKey);
      let ring: BlockRing;
      try {
        ring = BlockRing.create({ slots, turns: stageCount, payloadSizeBytes, startSizeBytes: start.length });
        ring.key.set(streamKey.expose());
      } finally {
        streamKey.wipe();
      }
      return new SealedContainer(minted, { start, ring, source, fileKey });
    } catch (error) {
      fileKey.wipe();
      throw error;
    }
  }

  /** The first stages of the pipeline: what comes after them sees sealed blocks. */
  stages(): readonly [StageUse<Found>, StageUse<null>] {
    return [this.#source, useStage(blockSealing, () => null, true)];
  }

  /** The 16-byte file key, for reading back what was written; the caller wipes it. A second take throws INTERNAL. */
  takeFileKey(): SecretBytes {
    const fileKey = this.#fileKey;
    if (fileKey === undefined) throw fault("the file key was taken before");
    this.#fileKey = undefined;
    return fileKey;
  }

  /** Overwrites every key and block that is left; for when the pipeline has ended, or never ran. */
  wipe(): void {
    this.ring.wipe();
    this.#fileKey?.wipe();
    this.#fileKey = undefined;
  }
}

interface Parts<Found> {
  readonly start: Uint8Array;
  readonly ring: BlockRing;
  readonly source: StageUse<Found>;
  readonly fileKey: SecretBytes;
}
