import { Sha256 } from "../crypto/digest.js";
import type { StageKind } from "../ring/stage.js";

/** The SHA-256 of a sealed file: of its `start`, and of every block as it passes. */
export const sealedHashing: StageKind<{ readonly start: Uint8Array }, string> = {
  name: "sealed hashing",
  start(ring, { start }) {
    const hash = new Sha256().update(start);
    return {
      work: (n) => void hash.update(ring.sealedBytes(n)),
      finish: () => hash.hex(),
      close: () => undefined,
    };
  },
};
