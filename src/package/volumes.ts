/** What a package is burned on or copied to, and how its container is cut into parts that fit there. */
import { EvsealError } from "../errors.js";
import { volumesCap } from "./names.js";

export interface Volume {
  /** As a person counts them: `3 DVDs`. */
  readonly noun: string;
  /** Of one disc, in bytes; Infinity where only the size of a file is limited. */
  readonly capacityBytes: number;
  readonly largestPartBytes: number;
}

/** What FAT32, and ISO 9660 in one piece, hold of one file: 2^32 bytes less a sector. */
const largestPartBytes = 2 ** 32 - 2048;

/**
 * The smallest discs of their kind. DVD: DVD+R (ECMA-349), and DVD-R DL (ECMA-382), each smaller than its sister. BD-R as
 * drives format it unless told otherwise, with a spare area (READ FORMAT CAPACITIES of blank discs: 11826176 and 23652352
 * sectors).
 */
const presets: Readonly<Record<string, Volume>> = {
  dvd: { noun: "DVD", capacityBytes: 4_700_372_992, largestPartBytes },
  "dvd-dl": { noun: "dual-layer DVD", capacityBytes: 8_543_666_176, largestPartBytes },
  bd25: { noun: "Blu-ray disc", capacityBytes: 24_220_008_448, largestPartBytes },
  bd50: { noun: "dual-layer Blu-ray disc", capacityBytes: 48_440_016_896, largestPartBytes },
  fat32: { noun: "FAT32 medium", capacityBytes: Infinity, largestPartBytes },
};

export const presetNames: readonly string[] = Object.keys(presets);

const unitSizeBytes: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** All parts but the last are whole blocks of a disc's error correction, and whole pages. */
export const partStepBytes = 64 * 1024;
const leastPartBytes = 1024 * 1024;
const sectorSizeBytes = 2048;

/**
 * Kept for the file system of each disc: 2048 sectors. Measured, with 5 to 10 files and with 1003: xorriso -r -J takes 183
 * and 293 sectors, 150 of them padding; genisoimage -r -J 181 and 303, with -udf 433 and 1581; mkudffs on 48.4 GB 520.
 * UDF's space bitmap, a bit for each sector, would be 1444 more there.
 */
const fileSystemBytes = 4 * 1024 * 1024;

/** A preset's name, or a capacity in bytes or with a unit, such as `700MB`. Throws USAGE. */
export function parseVolumeSize(text: string): Volume {
  const preset = Object.hasOwn(presets, text) ? presets[text] : undefined;
  const volume = preset ?? { noun: "disc", capacityBytes: capacityOf(text), largestPartBytes };
  roomFor(0, volume);
  return volume;
}

function capacityOf(text: string): number {
  const [, amount = "", fraction = "", unit] = /^(\d{1,16})(\.\d{1,12})?(?: ?([kMGT]i?B|KiB))?$/.exec(text) ?? [];
  const factor = unit === undefined ? (fraction === "" ? 1 : undefined) : unitSizeBytes[unit];
  const capacityBytes = Math.round(Number(amount + fraction) * (factor ?? Number.NaN));
  if (amount !== "" && Number.isSafeInteger(capacityBytes)) return capacityBytes;
  throw new EvsealError("USAGE", "--volume-size is neither a kind of disc nor a size", {
    hint: `give ${presetNames.join(", ")}, or what a disc holds, such as 700MB, 4.7GB or 25025314816`,
  });
}

/**
 * The sizes of the container's parts, for each disc. `smallFilesBytes` are the sizes of what stands beside them on every
 * disc. One disc with one part is a container that need not be cut. Throws USAGE, TOO_MUCH_TO_PACK.
 */
export function planVolumes(
  containerSizeBytes: number,
  smallFilesBytes: readonly number[],
  volume: Volume,
): readonly (readonly number[])[] {
  const smallSectors = smallFilesBytes.reduce((total, size) => total + Math.ceil(size / sectorSizeBytes), 0);
  const roomBytes = roomFor(smallSectors * sectorSizeBytes, volume);
  const discs: (readonly number[])[] = [];
  let partCount = 0;
  for (let leftBytes = containerSizeBytes; leftBytes > 0;) {
    const parts = partsOfDisc(leftBytes, roomBytes, volume);
    discs.push(parts);
    partCount += parts.length;
    if (partCount > volumesCap) throw tooManyParts();
    leftBytes -= parts.reduce((total, size) => total + size, 0);
  }
  return discs;
}

/** What of a container with `leftBytes` left to place goes on a disc with `roomBytes` for it. */
function partsOfDisc(leftBytes: number, roomBytes: number, volume: Volume): readonly number[] {
  const parts: number[] = [];
  let discBytes = leftBytes <= roomBytes ? leftBytes : inSteps(roomBytes);
  while (discBytes > volume.largestPartBytes && parts.length <= volumesCap) {
    parts.push(inSteps(volume.largestPartBytes));
    discBytes -= inSteps(volume.largestPartBytes);
  }
  return [...parts, discBytes];
}

function inSteps(sizeBytes: number): number {
  return sizeBytes - (sizeBytes % partStepBytes);
}

/** For the container on each disc, in bytes. Throws USAGE. */
function roomFor(smallFilesBytes: number, { capacityBytes }: Volume): number {
  const roomBytes = Math.floor(capacityBytes / sectorSizeBytes) * sectorSizeBytes - fileSystemBytes - smallFilesBytes;
  if (roomBytes >= leastPartBytes) return roomBytes;
  throw new EvsealError("USAGE", "a disc of this --volume-size is too small for a part of the package", {
    hint: "name a larger one: what stands beside the evidence on each disc needs some megabytes",
  });
}

function tooManyParts(): EvsealError {
  return new EvsealError("TOO_MUCH_TO_PACK", `the package would be cut into more than ${volumesCap} parts`, {
    hint: "name a larger --volume-size, or pack less at once",
  });
}
