import type { Identity } from "../../src/age/identity.js";
import { open, type ByteSource, type Unlock } from "../../src/age/open.js";
import { Plaintext, seal } from "../../src/age/seal.js";
import { unwrapWithIdentities } from "../../src/age/unwrap.js";
import { bytesOf, gather, whole, type Outcome } from "./pieces.js";

export function sealBytes(plaintext: Uint8Array, identities: readonly Identity[]): Promise<Buffer> {
  const recipients = identities.map(({ recipient }) => recipient);
  return bytesOf(seal(Plaintext.of(whole(plaintext)), recipients).chunks());
}

export function unlockWith(...identities: Identity[]): Unlock {
  return (header) => unwrapWithIdentities(header, identities).fileKey;
}

/** What opening gave out, and the error it ended with, wherever that was thrown. */
export async function openBytes(sealed: AsyncIterable<Uint8Array>, unlock: Unlock): Promise<Outcome> {
  try {
    const { payload } = await open(sealed, unlock);
    return await gather(payload);
  } catch (error) {
    return { bytes: Buffer.alloc(0), error };
  }
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, sizeBytes) => Promise.resolve(bytes.subarray(offset, offset + sizeBytes)),
  };
}
