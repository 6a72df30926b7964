/** The order of edwards25519's field, 2^255 - 19 (RFC 8032, section 5.1). */
const fieldOrder = 2n ** 255n - 19n;

/** The y coordinates of the two pairs of points of order 8; orders 1, 2 and 4 have y = 1, -1 and 0. */
const orderEight = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const smallOrder = new Set([0n, 1n, fieldOrder - 1n, orderEight, fieldOrder - orderEight]);

/**
 * Whether a 32-byte Ed25519 public key is encoded canonically (RFC 8032, section 5.1.3, step 1) and not of small order:
 * under such a key anybody's signature can be made to fit any document. Whether it lies on the curve shows itself at
 * the first signature, of which there can be none.
 */
export function isSoundEd25519Key(key: Uint8Array): boolean {
  const y = key.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) & (2n ** 255n - 1n);
  return y < fieldOrder && !smallOrder.has(y);
}
