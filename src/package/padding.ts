import { encodeTarHeader, type TarEntry } from "./tar-header.js";

/** Two blocks of zeros end a tar archive (POSIX.1-2001 pax, "ustar Interchange Format"). */
export const tarTrailerSizeBytes = 1024;

/**
 * PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019): the
 * next length whose binary form ends in so many zeros that all lengths leak only O(log log n) bits; at most 12 % more.
 */
export function padmeSizeBytes(sizeBytes: number): number {
  const exponent = Math.floor(Math.log2(sizeBytes));
  const granule = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(sizeBytes / granule) * granule;
}

/**
 * The padding entry that follows `contentSizeBytes` (a multiple of 512) of archive so that all of it, with this
 * entry's header and the trailer, has its PADMÉ length.
 */
export function paddingEntry(path: string, contentSizeBytes: number): TarEntry {
  const withHeader = (headerSizeBytes: number): TarEntry => {
    const least = contentSizeBytes + headerSizeBytes + tarTrailerSizeBytes;
    return { path, sizeBytes: padmeSizeBytes(least) - least, modifiedSeconds: 0 };
  };
  const entry = withHeader(encodeTarHeader({ path, sizeBytes: 0, modifiedSeconds: 0 }).length);
  const headerSizeBytes = encodeTarHeader(entry).length; // longer where the padding itself is over 8 GiB
  return withHeader(headerSizeBytes);
}
