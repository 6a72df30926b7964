import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { SecretBytes } from "./secret-bytes.js";

/** A running SHA-256 (FIPS 180-4). */
export class Sha256 {
  readonly #hash = createHash("sha256");

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  /** The 64 lower-case hex digits, as `sha256sum` prints them; the object cannot be used afterwards. */
  hex(): string {
    return this.#hash.digest("hex");
  }
}

/** Passes `content` on, and throws what `otherwise` makes at its end unless all of it has this SHA-256 (in hex). */
export async function* provenBy(
  sha256: string | undefined,
  content: AsyncIterable<Uint8Array>,
  otherwise: () => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = new Sha256();
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  if (hash.hex() !== sha256) throw otherwise();
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** RFC 2104 HMAC with SHA-256, 32 bytes. */
export function hmacSha256(key: SecretBytes, message: Uint8Array): Uint8Array {
  return createHmac("sha256", key.expose()).update(message).digest();
}

/** Compares without telling by its duration where the first difference is. */
export function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
