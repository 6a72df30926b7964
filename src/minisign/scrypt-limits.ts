const bytesPerCost = 1024n; // 128 bytes times the block size r = 8
const operationsPerCost = 32n; // 4 times r

/** libsodium's two limits for scrypt with N = 2^`logN`, r = 8, p = 1. */
export function limitsFor(logN: number): { operations: bigint; memoryBytes: bigint } {
  const cost = 1n << BigInt(logN);
  return { operations: operationsPerCost * cost, memoryBytes: bytesPerCost * cost };
}

/**
 * The log N that libsodium takes from the two limits in a key file (`pickparams` of
 * crypto_pwhash_scryptsalsa208sha256), or undefined where it would also take p other than 1, which no minisign does.
 */
export function logCostOf(operations: bigint, memoryBytes: bigint): number | undefined {
  const allowed = operations < 32768n ? 32768n : operations;
  if (allowed < memoryBytes / 32n) return logOfHalf(allowed / operationsPerCost);
  const logN = logOfHalf(memoryBytes / bytesPerCost);
  const parallelization = allowed / 4n / (1n << BigInt(logN)) / 8n;
  return parallelization === 1n ? logN : undefined;
}

/** The least n from 1 on with 2^n > max / 2, as libsodium counts it; at most 63. */
function logOfHalf(max: bigint): number {
  let log = 1;
  while (log < 63 && 1n << BigInt(log) <= max / 2n) log++;
  return log;
}
